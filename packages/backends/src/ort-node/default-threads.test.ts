import { expect, test } from "vitest";
import { defaultThreads } from "./default-threads.ts";
import { ortNode } from "./index.ts";

test.each([
  [1, 1],
  [2, 2],
  [4, 4],
  [6, 4],
  [8, 4],
  [16, 8],
])("of %i processors it takes %i", (processors, threads) => {
  expect(defaultThreads(processors)).toBe(threads);
});

test("the report says how many threads there are, asked for or not", async () => {
  await using one = await ortNode({ thread: "main", threads: 1 });
  await using several = await ortNode({ thread: "main" });
  expect(one.report!.threads).toBe(1);
  expect(several.report!.threads).toBe(defaultThreads());
});
