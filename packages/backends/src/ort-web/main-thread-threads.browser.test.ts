// A file of its own, because a page's runtime keeps the number of threads that it was started with.
import * as ort from "onnxruntime-web/wasm";
import { expect, test } from "vitest";
import { testBackend } from "../testing/index.ts";
import { ortWeb } from "./index.ts";
import { announceThreads, countThreads } from "./testing/count-threads.ts";

test("the page's own runtime has the threads that its report says; it can be handed in", async () => {
  announceThreads();
  const made = await countThreads(async () => {
    await using backend = await ortWeb({ threads: 2, ort });
    expect(backend.report!.threads).toBe(2);
  });
  expect(made).toBe(1); // the page is one itself
});

testBackend("ort-web on the page's thread, 2 threads", () => ortWeb({ thread: "main", threads: 2 }));
