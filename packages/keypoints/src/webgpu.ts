import type { GpuKernel } from "@bunraku/backends/webgpu";
import { heatmapMomentsKernel } from "./covariances/heatmap-moments.webgpu.ts";
import { gaussianHeatmapsKernel } from "./gaussian-heatmaps/gaussian-heatmaps.webgpu.ts";
import { softArgmaxKernel } from "./soft-argmax/soft-argmax.webgpu.ts";

export { gaussianHeatmapsKernel, heatmapMomentsKernel, softArgmaxKernel };

/** The kernels of this package, to be handed to a backend. */
export const keypointKernels: readonly GpuKernel[] = [softArgmaxKernel, heatmapMomentsKernel, gaussianHeatmapsKernel];
