import { type GpuKernel, withinLimits } from "@bunraku/backends/webgpu";
import { warpImageCases } from "./warp-image.cases.ts";
import { warpImageThreads, warpImageWgsl } from "./warp-image.wgsl.ts";

/** The piece "warp-image" (`warpImageOnnx`) as a kernel: image and flow in, the image as the flow moves it out. */
export const warpImageKernel: GpuKernel = {
  op: "warp-image",
  plan(site) {
    const [image, flow] = site.inputs;
    const { align_corners: aligned } = site.attributes;
    if (image?.dims.length !== 4 || image.dims[0] !== 1 || image.dims[1] !== 3) return undefined;
    if (flow?.dims.length !== 4 || flow.dims[0] !== 1 || flow.dims[3] !== 2) return undefined;
    const [, , height, width] = image.dims as [1, 3, number, number];
    const cells = { height: flow.dims[1]!, width: flow.dims[2]! };
    return withinLimits(site, {
      passes: [
        {
          wgsl: warpImageWgsl({ height, width, cells, alignCorners: aligned === 1 }),
          bindings: [{ input: 0 }, { input: 1 }, { output: 0 }],
          workgroups: [Math.ceil((height * width) / warpImageThreads), 1, 1],
        },
      ],
    });
  },
  cases: warpImageCases,
};
