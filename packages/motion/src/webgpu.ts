import type { GpuKernel } from "@bunraku/backends/webgpu";
import { sparseMotionsKernel } from "./sparse-motions/sparse-motions.webgpu.ts";

export { sparseMotionsKernel };

/** The kernels of this package, to be handed to a backend. */
export const motionKernels: readonly GpuKernel[] = [sparseMotionsKernel];
