import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { heatmapsOnnx, poolJacobiansOnnx, softArgmaxOnnx } from "./soft-argmax.onnx.ts";
import { heatmapsOf, poolJacobians, softArgmax } from "./soft-argmax.ts";

const sizes = [
  { keypoints: 1, height: 7, width: 5 },
  { keypoints: 3, height: 6, width: 6 },
  { keypoints: 3, height: 9, width: 4 },
  { keypoints: 2, height: 1, width: 8 },
] as const;

describe.each(backends)("on %s", (_, open) => {
  test("heatmaps agree with their definition", async () => {
    await using backend = await open();
    for (const { keypoints, height, width } of sizes) {
      for (const [temperature, largest] of [
        [0.1, 1],
        [2, 5],
        [0.1, 1e4],
      ] as const) {
        const scores = noise([1, keypoints, height, width], 1, [-largest, largest]);
        const got = await runPiece(backend, (g, { scores }) => heatmapsOnnx(g, scores, { temperature }), { scores });
        expect(compareTensors(got, heatmapsOf(scores, { temperature })).maxAbsError).toBeLessThan(1e-5);
      }
    }
  });

  test("soft argmax agrees with its definition", async () => {
    await using backend = await open();
    for (const { keypoints, height, width } of sizes) {
      const heatmaps = heatmapsOf(noise([1, keypoints, height, width], 2), { temperature: 0.3 });
      const got = await runPiece(backend, (g, { heatmaps }) => softArgmaxOnnx(g, heatmaps), { heatmaps });
      expect(compareTensors(got, softArgmax(heatmaps)).maxAbsError).toBeLessThan(1e-5);
    }
  });

  test("pooled jacobians agree with their definition, with a map each and with one for all", async () => {
    await using backend = await open();
    for (const { keypoints, height, width } of sizes) {
      for (const maps of [keypoints, 1]) {
        const heatmaps = heatmapsOf(noise([1, keypoints, height, width], 3), { temperature: 0.3 });
        const entries = noise([1, 4 * maps, height, width], 4, [-2, 2]);
        const got = await runPiece(backend, (g, inputs) => poolJacobiansOnnx(g, inputs.heatmaps, inputs.entries), {
          heatmaps,
          entries,
        });
        expect(compareTensors(got, poolJacobians(heatmaps, entries)).maxAbsError).toBeLessThan(1e-5);
      }
    }
  });
});
