import { type GpuKernel, withinLimits } from "@bunraku/backends/webgpu";
import { gaussianHeatmapsCases } from "./gaussian-heatmaps.cases.ts";
import { gaussianHeatmapsWgsl, gaussianThreads } from "./gaussian-heatmaps.wgsl.ts";

/** The piece "gaussian-heatmaps" (`gaussianHeatmapsOnnx`) as a kernel. */
export const gaussianHeatmapsKernel: GpuKernel = {
  op: "gaussian-heatmaps",
  plan(site) {
    const [points, precisions] = site.inputs;
    const { variance } = site.attributes as { variance?: { float?: number } };
    const dims = site.outputs[0]?.dims;
    if (points?.dims.length !== 2 || dims?.length !== 4 || !(precisions || variance?.float)) return undefined;
    const [, keypoints, height, width] = dims as [number, number, number, number];
    return withinLimits(site, {
      passes: [
        {
          wgsl: gaussianHeatmapsWgsl({ height, width, variance: precisions ? undefined : variance?.float }),
          bindings: [{ input: 0 }, ...(precisions ? [{ input: 1 }] : []), { output: 0 }],
          workgroups: [Math.ceil((height * width) / gaussianThreads), keypoints, 1],
        },
      ],
    });
  },
  cases: gaussianHeatmapsCases,
};
