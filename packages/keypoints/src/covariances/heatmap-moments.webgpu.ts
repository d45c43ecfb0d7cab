import { type GpuKernel, withinLimits } from "@bunraku/backends/webgpu";
import { heatmapMomentsCases } from "./heatmap-moments.cases.ts";
import { heatmapMomentsWgsl } from "./heatmap-moments.wgsl.ts";

/** The piece "heatmap-moments" (`heatmapMomentsPieceOnnx`) as a kernel. */
export const heatmapMomentsKernel: GpuKernel = {
  op: "heatmap-moments",
  plan(site) {
    const [scores] = site.inputs;
    const { temperature } = site.attributes as { temperature?: { float?: number } };
    if (scores?.dims.length !== 4 || scores.dims[0] !== 1 || !temperature?.float) return undefined;
    const [, keypoints, height, width] = scores.dims as [number, number, number, number];
    return withinLimits(site, {
      passes: [
        {
          wgsl: heatmapMomentsWgsl({ height, width, temperature: temperature.float }),
          bindings: [{ input: 0 }, { output: 0 }, { output: 1 }, { output: 2 }],
          workgroups: [keypoints, 1, 1],
        },
      ],
    });
  },
  cases: heatmapMomentsCases,
};
