import { tensor } from "@bunraku/backends";
import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { gaussianHeatmapsOnnx } from "./gaussian-heatmaps.onnx.ts";
import { gaussianHeatmaps } from "./gaussian-heatmaps.ts";

const cases = [
  { points: noise([3, 2], 1), size: { height: 7, width: 5 }, variance: 0.01 },
  { points: noise([1, 2], 2), size: { height: 16, width: 16 }, variance: 0.1 },
  { points: noise([3, 2], 3, [-3, 3]), size: { height: 6, width: 9 }, variance: 0.5 }, // points outside
  { points: noise([1, 2], 4), size: { height: 1, width: 4 }, variance: 0.2 },
];

describe.each(backends)("on %s", (_, open) => {
  test("the form agrees with the definition", async () => {
    await using backend = await open();
    for (const { points, size, variance } of cases) {
      const got = await runPiece(backend, (g, { points }) => gaussianHeatmapsOnnx(g, points, size, { variance }), {
        points,
      });
      expect(compareTensors(got, gaussianHeatmaps(points, size, { variance })).maxAbsError).toBeLessThan(1e-5);
    }
  });

  test("the form agrees with the definition, by precisions", async () => {
    await using backend = await open();
    const precisions = tensor("float32", Float32Array.of(4, 1, 1, 2, 100, -5, -5, 1), [2, 2, 2]);
    const feeds = { points: noise([2, 2], 1), precisions };
    const size = { height: 7, width: 5 };
    const got = await runPiece(backend, (g, inputs) => gaussianHeatmapsOnnx(g, inputs.points, size, inputs), feeds);
    expect(compareTensors(got, gaussianHeatmaps(feeds.points, size, { precisions })).maxAbsError).toBeLessThan(1e-5);
  });
});
