import type { GpuKernel } from "@bunraku/backends/webgpu";
import { gridSampleKernel } from "./grid-sample/grid-sample.webgpu.ts";
import { resizeKernel } from "./resize/resize.webgpu.ts";

export { coordinatesWgsl } from "./identity-grid/coordinates.wgsl.ts";
export { createFramePresenter, type FramePresenter } from "./pixels/frame-presenter.webgpu.ts";
export {
  createFrameReader,
  type DeviceImage,
  type FrameReader,
  type FrameReaderOptions,
} from "./pixels/frame-reader.webgpu.ts";
export { createPictureReader, type PictureReader } from "./pixels/picture-reader.webgpu.ts";
export type { PixelSource } from "./pixels/pixel-source.ts";
export { gridSampleKernel, resizeKernel };

/**
 * The kernels of this package, to be handed to a backend.
 *
 * `resizeKernel` is not among them: a backend cuts a graph where kernels stand, and every block of a decoder has a Resize
 * between convolutions, which runtimes do well. It is there for graphs that resize beside a grid sample.
 */
export const warpKernels: readonly GpuKernel[] = [gridSampleKernel];
