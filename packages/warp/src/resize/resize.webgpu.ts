import { type GpuKernel, type KernelSite, withinLimits } from "@bunraku/backends/webgpu";
import { resizeCases } from "./resize.cases.ts";
import { resizeThreads, resizeWgsl } from "./resize.wgsl.ts";

/**
 * ONNX's Resize as a kernel, as far as layers use it: rows and columns of pictures `[N, C, H, W]`, linearly at half-pixel
 * centres, or by a whole factor to the nearest pixel.
 */
export const resizeKernel: GpuKernel = {
  op: "Resize",
  plan(site) {
    const [image] = site.inputs;
    const [result] = site.outputs;
    if (image?.dims.length !== 4 || result?.dims.length !== 4) return undefined;
    const [batch, channels, height, width] = image.dims as [number, number, number, number];
    const [toBatch, toChannels, toHeight, toWidth] = result.dims as [number, number, number, number];
    if (toBatch !== batch || toChannels !== channels) return undefined;
    const [from, to] = [
      { height, width },
      { height: toHeight, width: toWidth },
    ];
    const mode = modeOf(site);
    if (!mode || !sizesAgree(site)) return undefined;
    if (mode === "nearest" && (toHeight % height !== 0 || toWidth % width !== 0)) return undefined;
    const workgroups = [Math.ceil((toHeight * toWidth) / resizeThreads), batch * channels, 1] as const;
    return withinLimits(
      { ...site, inputs: [image] }, // only this one is bound
      {
        passes: [{ wgsl: resizeWgsl({ mode, from, to }), bindings: [{ input: 0 }, { output: 0 }], workgroups }],
      },
    );
  },
  cases: resizeCases,
};

function modeOf({ attributes }: KernelSite): "linear" | "nearest" | undefined {
  const {
    mode = "nearest",
    coordinate_transformation_mode: coordinates = "half_pixel",
    nearest_mode: rounding,
    antialias = 0,
    axes,
  } = attributes;
  if (antialias !== 0 || axes !== undefined) return undefined;
  if (mode === "linear" && coordinates === "half_pixel") return "linear";
  return mode === "nearest" && coordinates === "asymmetric" && rounding === "floor" ? "nearest" : undefined;
}

/** Whether the scales or sizes are constants, and places follow from the sizes alone: a scale of 1.3 is not 6/5. */
function sizesAgree({ inputs, outputs }: KernelSite): boolean {
  const from = inputs[0]!.dims;
  const to = outputs[0]!.dims;
  const sizes = inputs[3]?.constant;
  if (sizes?.length) return to.every((size, axis) => Number(sizes[axis]) === size);
  const scales = inputs[2]?.constant;
  return scales?.length === 4 && to.every((size, axis) => from[axis]! * Number(scales[axis]) === size);
}
