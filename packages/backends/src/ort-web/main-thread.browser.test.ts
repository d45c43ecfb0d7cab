import { expect, test } from "vitest";
import { testBackend } from "../testing/index.ts";
import { ortWeb } from "./index.ts";

test("a runtime keeps the threads it was started with, and a later wish is answered with a warning", async () => {
  await using first = await ortWeb({ thread: "main", threads: 1 });
  expect(first.report!.threads).toBe(1);
  expect(first.warnings).toEqual([]);
  await using second = await ortWeb({ thread: "main", threads: 2 });
  expect(second.report!.threads).toBe(1);
  expect(second.warnings).toMatchObject([
    { type: "threads-fixed", message: expect.stringContaining("with 1 thread and keeps it; 2 were asked for") },
  ]);
  await using unasked = await ortWeb({ thread: "main" });
  expect(unasked.warnings).toEqual([]);
});

test("a program that is loaded again as a thread starts no threads of its own", async () => {
  const { name } = window;
  window.name = "em-pthread-1"; // as onnxruntime names its threads
  try {
    await expect(ortWeb({ thread: "main" })).rejects.toMatchObject({
      code: "BACKEND_UNAVAILABLE",
      message: expect.stringContaining("Let the bundler split them"),
    });
  } finally {
    window.name = name;
  }
});

testBackend("ort-web on the page's thread, 1 thread", () => ortWeb({ thread: "main", threads: 1 }));
