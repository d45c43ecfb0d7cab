import { type GpuKernel, withinLimits } from "@bunraku/backends/webgpu";
import { softArgmaxCases } from "./soft-argmax.cases.ts";
import { softArgmaxWgsl } from "./soft-argmax.wgsl.ts";

/** The piece "soft-argmax" (`softArgmaxPieceOnnx`) as a kernel. */
export const softArgmaxKernel: GpuKernel = {
  op: "soft-argmax",
  plan(site) {
    const [scores, entries] = site.inputs;
    const { temperature } = site.attributes as { temperature?: { float?: number } };
    if (scores?.dims.length !== 4 || scores.dims[0] !== 1 || !temperature?.float) return undefined;
    const [, keypoints, height, width] = scores.dims as [number, number, number, number];
    const channels = entries?.dims[1];
    if (entries && channels !== 4 && channels !== 4 * keypoints) return undefined;
    const jacobianMaps = !entries ? "none" : channels === 4 * keypoints ? "each" : "shared";
    const inputs = entries ? [{ input: 0 }, { input: 1 }] : [{ input: 0 }];
    const wgsl = softArgmaxWgsl({ height, width, temperature: temperature.float, jacobianMaps });
    const bindings = [...inputs, ...site.outputs.map((_, output) => ({ output }))];
    return withinLimits(site, { passes: [{ wgsl, bindings, workgroups: [keypoints, 1, 1] }] });
  },
  cases: softArgmaxCases,
};
