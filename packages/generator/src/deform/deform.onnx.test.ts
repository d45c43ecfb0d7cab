import { type Tensor, tensor } from "@bunraku/backends";
import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { gridSample, resizeBilinear } from "@bunraku/warp";
import { describe, expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { deformOnnx } from "./deform.onnx.ts";

/** Deforming by its parts: the two planes of a flow, each resized, then a grid sample. */
function deform(x: Tensor<"float32">, flow: Tensor<"float32">, alignCorners: boolean) {
  const [, , height, width] = x.dims as [number, number, number, number];
  const [, flowHeight, flowWidth] = flow.dims as [number, number, number, number];
  const [left, right] = [0, 1].map((axis) => {
    const plane = flow.data.filter((_, i) => i % 2 === axis);
    return resizeBilinear(tensor("float32", plane, [1, 1, flowHeight, flowWidth]), { height, width }).data;
  });
  const grid = Float32Array.from({ length: 2 * height * width }, (_, i) => (i % 2 === 0 ? left! : right!)[i >> 1]!);
  return gridSample(x, tensor("float32", grid, [1, height, width, 2]), { alignCorners });
}

const cases = [
  { x: [1, 3, 5, 7], flow: [1, 5, 7, 2] }, // same size: no resize
  { x: [1, 2, 16, 16], flow: [1, 8, 8, 2] },
  { x: [1, 2, 6, 9], flow: [1, 4, 3, 2] },
  { x: [1, 1, 4, 4], flow: [1, 9, 7, 2] },
];

describe.each(backends)("on %s", (_, open) => {
  test.each(cases)("$x deformed by $flow is its parts, one after the other", async (dims) => {
    await using backend = await open();
    for (const alignCorners of [true, false]) {
      const feeds = { x: noise(dims.x, 1), flow: noise(dims.flow, 2, [-1.5, 1.5]) };
      const got = await runPiece(backend, (g, { x, flow }) => deformOnnx(g, x, flow, { alignCorners }), feeds);
      expect(compareTensors(got, deform(feeds.x, feeds.flow, alignCorners)).maxAbsError).toBeLessThan(2e-5);
    }
  });

  test("with nearest interpolation a flow repeats itself instead", async () => {
    await using backend = await open();
    const feeds = { x: noise([1, 2, 6, 9], 1), flow: noise([1, 4, 3, 2], 2, [-1.5, 1.5]) };
    const options = { alignCorners: true, interpolation: "nearest" } as const;
    const got = await runPiece(backend, (g, { x, flow }) => deformOnnx(g, x, flow, options), feeds);
    // Rows ⌊i 4/6⌋, columns ⌊j 3/9⌋.
    const grid = Float32Array.from({ length: 2 * 6 * 9 }, (_, i) => {
      const [row, column] = [Math.floor(i / 18), Math.floor((i % 18) / 2)];
      return feeds.flow.data[2 * (Math.floor((row * 4) / 6) * 3 + Math.floor(column / 3)) + (i % 2)]!;
    });
    const wanted = gridSample(feeds.x, tensor("float32", grid, [1, 6, 9, 2]), { alignCorners: true });
    expect(compareTensors(got, wanted).maxAbsError).toBeLessThan(2e-5);
  });
});
