import { type GpuKernel, withinLimits } from "@bunraku/backends/webgpu";
import { gridSampleCases } from "./grid-sample.cases.ts";
import { gridSampleChannels, gridSampleThreads, gridSampleWgsl } from "./grid-sample.wgsl.ts";

/** ONNX's GridSample as a kernel: bilinear, of pictures `[N, C, H, W]`, with every padding and corners aligned or not. */
export const gridSampleKernel: GpuKernel = {
  op: "GridSample",
  plan(site) {
    const [image, grid] = site.inputs;
    const { mode = "bilinear", padding_mode: padding = "zeros", align_corners: alignCorners = 0 } = site.attributes;
    // "linear" is what opset 20 calls it.
    if (mode !== "bilinear" && mode !== "linear") return undefined;
    if (padding !== "zeros" && padding !== "border" && padding !== "reflection") return undefined;
    if (image?.dims.length !== 4 || grid?.dims.length !== 4) return undefined;
    const [batch, channels, height, width] = image.dims as [number, number, number, number];
    const places = grid.dims[1]! * grid.dims[2]!;
    const shader = { channels, height, width, places, padding, alignCorners: alignCorners === 1 } as const;
    return withinLimits(site, {
      passes: [
        {
          wgsl: gridSampleWgsl(shader),
          bindings: [{ input: 0 }, { input: 1 }, { output: 0 }],
          workgroups: [Math.ceil(places / gridSampleThreads), Math.ceil(channels / gridSampleChannels), batch],
        },
      ],
    });
  },
  cases: gridSampleCases,
};
