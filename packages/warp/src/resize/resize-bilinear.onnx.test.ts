import { GraphBuilder } from "@bunraku/backends/onnx";
import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { resizeBilinearOnnx } from "./resize-bilinear.onnx.ts";
import { resizeBilinear } from "./resize-bilinear.ts";

const cases = [
  { from: [1, 3, 5, 7], to: [10, 14] },
  { from: [1, 2, 9, 6], to: [4, 4] },
  { from: [2, 1, 7, 5], to: [3, 11] }, // one side grows, one shrinks
  { from: [1, 1, 16, 16], to: [16, 8] }, // one side stays
  { from: [1, 1, 1, 4], to: [3, 9] },
  { from: [1, 1, 6, 6], to: [1, 1] },
  { from: [1, 2, 4, 3], to: [4, 3] },
] as const;

describe.each(backends)("on %s", (_, open) => {
  test("the form agrees with the definition", async () => {
    await using backend = await open();
    for (const { from, to } of cases) {
      const size = { height: to[0], width: to[1] };
      const image = noise(from);
      const got = await runPiece(backend, (g, { image }) => resizeBilinearOnnx(g, image, size), { image });
      expect(compareTensors(got, resizeBilinear(image, size)).maxAbsError, `${from} to ${to}`).toBeLessThan(1e-5);
    }
  });
});

test("the same size adds no node", () => {
  const g = new GraphBuilder("same");
  const image = g.input("image", [1, 2, 4, 3]);
  expect(resizeBilinearOnnx(g, image, { height: 4, width: 3 })).toBe(image);
});
