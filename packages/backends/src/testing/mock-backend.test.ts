import { expect, test } from "vitest";
import type { Values } from "../contract/backend.ts";
import { tensor } from "../contract/tensor.ts";
import { knownGraphs, twoByTwoModel } from "./known-graphs.ts";
import { type MockBackend, mockBackend } from "./mock-backend.ts";
import { testBackend } from "./test-backend.ts";

const floats = (...values: number[]) => tensor("float32", Float32Array.from(values), [values.length]);

// A mock makes numbers up; with the two sums of the contract's own tests handed in, it passes all that is not arithmetic.
function answer(feeds: Values): Values {
  if (feeds.x) return { y: tensor("float32", new Float32Array(128 * 128), [128, 128]) };
  const a = feeds.a!.data as Float32Array;
  const b = feeds.b!.data as Float32Array;
  return { sum: floats(a[0]! + b[0]!, a[1]! + b[1]!), product: floats(a[0]! * b[0]!, a[1]! * b[1]!) };
}

testBackend("mock", async () => mockBackend({ answer }), {
  skip: [...knownGraphs().map((graph) => graph.name), "inputs of other types are read"],
  gridSample: false,
  live: (backend) => (backend as MockBackend).live,
});

test("without an answer, outputs are zeros of the declared dims", async () => {
  const session = await mockBackend().load(twoByTwoModel());
  const { sum } = await session.run({ a: floats(1, 2), b: floats(3, 4) });
  expect([...(sum!.data as Float32Array)]).toEqual([0, 0]);
});

test("a mock remembers its runs", async () => {
  const backend = mockBackend();
  const session = await backend.load(twoByTwoModel());
  const feeds = { a: floats(1, 2), b: floats(3, 4) };
  await session.run(feeds, { outputs: ["sum"] });
  expect(backend.runs).toEqual([{ session, feeds, outputs: ["sum"] }]);
});

test("a mock counts what nobody has disposed", async () => {
  const backend = mockBackend();
  const session = await backend.load(twoByTwoModel());
  const { sum, product } = await session.run({ a: floats(1, 2), b: floats(3, 4) });
  expect(backend.live).toBe(3);
  sum![Symbol.dispose]();
  sum![Symbol.dispose]();
  expect(backend.live).toBe(2);
  product![Symbol.dispose]();
  await session[Symbol.asyncDispose]();
  expect(backend.live).toBe(0);
});

test("an answer that does not fit the graph is named", async () => {
  const backend = mockBackend({ answer: () => ({ sum: floats(1) }) });
  const session = await backend.load(twoByTwoModel());
  await expect(session.run({ a: floats(1, 2), b: floats(3, 4) })).rejects.toThrow(
    'mock: the answer for "sum" must be float32 [2], got float32 [1].',
  );
});
