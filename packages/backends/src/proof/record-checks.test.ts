import { expect, test } from "vitest";
import type { Check } from "../contract/report.ts";
import { mockBackend } from "../testing/mock-backend.ts";
import { recordChecks } from "./record-checks.ts";
import { withReport } from "./with-report.ts";

const check: Check = {
  name: "exp",
  kind: "operator",
  form: "ort",
  pass: true,
  maxAbsError: 0,
  tolerance: 1e-4,
  milliseconds: 1,
};

test("checks are added to the report that everyone looks at", () => {
  const checks: Check[] = [];
  const backend = withReport(mockBackend(), { runtime: "test 1", providers: [], precision: "float32", checks });
  recordChecks(backend, [check]);
  recordChecks(backend, [check]);
  expect(backend.report!.checks).toEqual([check, check]);
});

test("a backend without a report is left alone", () => {
  const backend = mockBackend();
  recordChecks(backend, [check]);
  expect("report" in backend).toBe(false);
});

test("a backend with another report is the same backend in all else", async () => {
  const inner = mockBackend({ warnings: [{ type: "slow", message: "It is slow." }] });
  const backend = withReport(inner, { runtime: "test 1", providers: [], precision: "float32", checks: [] });
  expect([backend.name, backend.contract, backend.warnings]).toEqual(["mock", 1, inner.warnings]);
  expect("gpu" in backend).toBe(false);
  await backend[Symbol.asyncDispose]();
  await expect(inner.load(new Uint8Array())).rejects.toThrow(expect.objectContaining({ code: "DISPOSED" }));
});
