import { expect, test } from "vitest";
import { tensor } from "../contract/tensor.ts";
import { reference } from "../reference/reference.ts";
import { mockBackend } from "./mock-backend.ts";
import { runPiece } from "./run-piece.ts";

const pair = (...values: number[]) => tensor("float32", Float32Array.from(values), [1, 2]);

test("a piece gets its feeds by name and gives back its value", async () => {
  await using backend = await reference();
  const difference = await runPiece(backend, (g, { a, b }) => g.node("Sub", [a, b], a.dims), {
    b: pair(1, 2),
    a: pair(10, 20),
  });
  expect([difference.dims, [...difference.data]]).toEqual([
    [1, 2],
    [9, 18],
  ]);
});

test("a piece that adds no node passes its input through", async () => {
  await using backend = await reference();
  expect([...(await runPiece(backend, (_, { x }) => x, { x: pair(3, 4) })).data]).toEqual([3, 4]);
});

test("only the answer outlives the run", async () => {
  const backend = mockBackend();
  const answer = await runPiece(backend, (_, { x }) => x, { x: pair(3, 4) });
  expect(backend.live).toBe(1);
  answer[Symbol.dispose]();
  expect(backend.live).toBe(0);
});
