import { type GpuKernel, withinLimits } from "@bunraku/backends/webgpu";
import { sparseMotionsCases } from "./sparse-motions.cases.ts";
import { sparseMotionsWgsl, sparseMotionThreads } from "./sparse-motions.wgsl.ts";

/** The piece "sparse-motions" (`sparseMotionsOnnx`) as a kernel. */
export const sparseMotionsKernel: GpuKernel = {
  op: "sparse-motions",
  plan(site) {
    const [source, driving, jacobians, anchors, spline] = site.inputs;
    const dims = site.outputs[0]?.dims;
    if (!source || driving?.dims.length !== 2 || dims?.length !== 4) return undefined;
    const [motions, height, width] = dims as [number, number, number, number];
    const keypoints = motions - 1;
    const shader = { height, width, keypoints, withJacobians: !!jacobians, withSpline: !!spline };
    return withinLimits(site, {
      passes: [
        {
          wgsl: sparseMotionsWgsl(shader),
          bindings: [
            { input: anchors ? 3 : 0 },
            { input: 1 },
            ...(jacobians ? [{ input: 2 }] : []),
            ...(spline ? [{ input: 4 }] : []),
            { output: 0 },
          ],
          workgroups: [Math.ceil((height * width) / sparseMotionThreads), motions, 1],
        },
      ],
    });
  },
  cases: sparseMotionsCases,
};
