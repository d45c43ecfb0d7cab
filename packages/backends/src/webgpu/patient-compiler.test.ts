import { expect, test } from "vitest";
import { withPatientCompiler } from "./patient-compiler.ts";

test("what is started comes back, and what it throws", async () => {
  expect(await withPatientCompiler(async () => 7)).toBe(7);
  await expect(withPatientCompiler(async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
});
