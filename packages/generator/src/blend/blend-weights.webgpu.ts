import { type GpuKernel, type KernelPass, type KernelSite, withinLimits } from "@bunraku/backends/webgpu";
import type { Size } from "@bunraku/warp";
import { blendWeightsCases } from "./blend-weights.cases.ts";
import { comparingRadius } from "./blend-weights.ts";
import { blendThreads, blurWgsl, differenceBlurWgsl, weightsWgsl } from "./blend-weights.wgsl.ts";

/**
 * The piece "blend-weights" (`blendWeightsOnnx`) as a kernel: the warped and the generated picture and the occlusion map
 * (may be left out) in, weights `[1, 1, H, W]` out. Both blurs go along rows, then along columns.
 */
export const blendWeightsKernel: GpuKernel = {
  op: "blend-weights",
  plan(site) {
    const size = sizeOf(site);
    if (!size) return undefined;
    const { height, width } = size;
    const [, , occlusion] = site.inputs;
    const groups = Math.ceil((height * width) / blendThreads);
    const wide = { height, width, radius: comparingRadius(size) };
    const narrow = { height, width, radius: 1 };
    const blur = (shader: typeof wide, along: "rows" | "columns") =>
      blurWgsl({ ...shader, along, access: "read_write" });
    const pass = (wgsl: string, bindings: KernelPass["bindings"], planes: number): KernelPass => ({
      wgsl,
      bindings,
      workgroups: [groups, planes, 1],
    });
    const [first, second] = [{ scratch: 0 }, { scratch: 1 }] as const;
    const cells = occlusion && { height: occlusion.dims[2]!, width: occlusion.dims[3]! };
    const shown = occlusion ? [{ input: 2 }] : [];
    return withinLimits(site, {
      scratch: [3 * height * width, 3 * height * width],
      passes: [
        pass(differenceBlurWgsl({ ...wide, along: "rows" }), [{ input: 0 }, { input: 1 }, first], 3),
        pass(blur(wide, "columns"), [first, second], 3),
        pass(blur(wide, "rows"), [second, first], 3),
        pass(blur(wide, "columns"), [first, second], 3),
        pass(weightsWgsl({ height, width, occlusion: cells }), [second, first, ...shown], 1),
        pass(blur(narrow, "rows"), [first, second], 1),
        pass(blur(narrow, "columns"), [second, { output: 0 }], 1),
      ],
    });
  },
  cases: blendWeightsCases,
};

/** Of the pictures; `undefined` where dims are not those of a blend. */
function sizeOf({ inputs: [warped, generated, occlusion], outputs: [weights] }: KernelSite): Size | undefined {
  const [one, three, height, width] = warped?.dims ?? [];
  if (warped?.dims.length !== 4 || one !== 1 || three !== 3 || !height || !width) return undefined;
  if (generated?.dims.join() !== warped.dims.join()) return undefined;
  if (weights?.dims.join() !== [1, 1, height, width].join()) return undefined;
  if (occlusion && (occlusion.dims.length !== 4 || occlusion.dims[0] !== 1 || occlusion.dims[1] !== 1))
    return undefined;
  return { height, width };
}
