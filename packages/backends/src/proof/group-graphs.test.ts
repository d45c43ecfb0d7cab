import { expect, test } from "vitest";
import type { Backend } from "../contract/backend.ts";
import { ortNode } from "../ort-node/index.ts";
import { reference } from "../reference/index.ts";
import { groupsOfSix } from "./group-graphs.ts";

test("the answer is what each output of a group says: its own channel, and ten times the next", () => {
  const { feed, answer } = groupsOfSix();
  const at = (channel: number) => feed.data[2 * channel]!;
  expect(answer.data[0]).toBe(at(0) + 10 * at(1));
  expect(answer.data[2 * 5]).toBe(at(5) + 10 * at(0)); // the last of the first group
  expect(answer.data[2 * 6]).toBe(at(6) + 10 * at(7));
});

test.each<[string, () => Promise<Backend>]>([
  ["onnxruntime", () => ortNode({ threads: 1 })],
  ["the reference", () => reference()],
])("%s gives the answer", async (_, create) => {
  const { model, feed, answer } = groupsOfSix();
  await using backend = await create();
  await using session = await backend.load(model);
  expect((await session.run({ x: feed })).y!.data).toEqual(answer.data);
});
