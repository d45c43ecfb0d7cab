import { webgpu as plainWebGpu, type WebGpuBackend, type WebGpuOptions } from "@bunraku/backends/webgpu";
import { keypointKernels } from "@bunraku/keypoints/webgpu";
import { motionKernels } from "@bunraku/motion/webgpu";
import { warpKernels } from "@bunraku/warp/webgpu";

/** All kernels that the models' graphs have places for. */
export const kernels = [...warpKernels, ...keypointKernels, ...motionKernels];

/**
 * `webgpu` of `@bunraku/backends`, with all kernels that the models can use.
 *
 * @example await using backend = await webgpu({ precision: "float16" });
 */
export function webgpu(options: WebGpuOptions = {}): Promise<WebGpuBackend> {
  return plainWebGpu({ kernels, ...options });
}
