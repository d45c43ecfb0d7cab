import type { GpuKernel } from "@bunraku/backends/webgpu";
import { gridSampleKernel } from "./grid-sample/grid-sample.webgpu.ts";

export { coordinatesWgsl } from "./identity-grid/coordinates.wgsl.ts";
export { gridSampleKernel };

/** The kernels of this package, to be handed to a backend. */
export const warpKernels: readonly GpuKernel[] = [gridSampleKernel];
