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
});
