import { tensor } from "@bunraku/backends";
import { GraphBuilder } from "@bunraku/backends/onnx";
import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { resizeNearestOnnx } from "./resize-nearest.onnx.ts";
import { resizeNearest } from "./resize-nearest.ts";

const cases = [
  { from: [1, 3, 5, 7], to: [10, 14] },
  { from: [1, 2, 9, 6], to: [4, 4] },
  { from: [2, 1, 7, 5], to: [3, 11] },
  { from: [1, 1, 16, 16], to: [16, 8] },
  { from: [1, 1, 1, 4], to: [3, 9] },
] as const;

describe.each(backends)("on %s", (_, open) => {
  test("the form agrees with the definition", async () => {
    await using backend = await open();
    for (const { from, to } of cases) {
      const size = { height: to[0], width: to[1] };
      const image = noise(from);
      const got = await runPiece(backend, (g, { image }) => resizeNearestOnnx(g, image, size), { image });
      expect(compareTensors(got, resizeNearest(image, size)).maxAbsError, `${from} to ${to}`).toBe(0);
    }
  });

  test("a grid is resized on its own axes", async () => {
    await using backend = await open();
    const grid = tensor("float32", Float32Array.of(0, 1, 10, 11), [1, 1, 2, 2]); // two columns of (x, y)
    const size = { height: 2, width: 4 };
    const got = await runPiece(backend, (g, { grid }) => resizeNearestOnnx(g, grid, size, [1, 2]), { grid });
    expect(got.dims).toEqual([1, 2, 4, 2]);
    expect([...got.data]).toEqual([0, 1, 0, 1, 10, 11, 10, 11, 0, 1, 0, 1, 10, 11, 10, 11]);
  });
});

test("the same size adds no node", () => {
  const g = new GraphBuilder("same");
  const image = g.input("image", [1, 2, 4, 3]);
  expect(resizeNearestOnnx(g, image, { height: 4, width: 3 })).toBe(image);
});
