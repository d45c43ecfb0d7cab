import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { heatmapsOf } from "../soft-argmax/soft-argmax.ts";
import { backends } from "../testing/backends.ts";
import { heatmapMomentsOnnx } from "./heatmap-moments.onnx.ts";
import { heatmapMoments } from "./heatmap-moments.ts";

describe.each(backends)("on %s", (_, open) => {
  test("moments agree with their definition", async () => {
    await using backend = await open();
    for (const dims of [
      [1, 1, 5, 7],
      [1, 3, 16, 16],
      [1, 2, 9, 4],
    ]) {
      const heatmaps = heatmapsOf(noise(dims, 2), { temperature: 0.2 });
      const wanted = heatmapMoments(heatmaps);
      for (const part of ["points", "covariances"] as const) {
        const got = await runPiece(backend, (g, { heatmaps }) => heatmapMomentsOnnx(g, heatmaps)[part], { heatmaps });
        expect(compareTensors(got, wanted[part]).maxAbsError).toBeLessThan(1e-6);
      }
    }
  });
});
