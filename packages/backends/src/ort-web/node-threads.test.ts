// A file of its own, because a process keeps the number of threads that its runtime was started with.
import { expect, test } from "vitest";
import { testBackend } from "../testing/index.ts";
import { ortWeb } from "./index.ts";

test("Node has as many threads as are asked for", async () => {
  let made = 0;
  const count = () => made++;
  process.on("worker", count);
  await using backend = await ortWeb({ threads: 2 });
  process.off("worker", count);
  expect(made).toBe(1); // the caller's is one itself
  expect(backend.report!.threads).toBe(2);
  expect(backend.warnings).toEqual([]);
});

testBackend("ort-web in Node, 2 threads", () => ortWeb({ threads: 2 }));
