import type { GpuKernel } from "@bunraku/backends/webgpu";
import { gridSampleKernel } from "./grid-sample/grid-sample.webgpu.ts";
import { resizeKernel } from "./resize/resize.webgpu.ts";

export { coordinatesWgsl } from "./identity-grid/coordinates.wgsl.ts";
export { createPictureWarper, type DeviceBlend, type PictureWarper } from "./picture-warp/picture-warper.webgpu.ts";
export { warpImageKernel } from "./picture-warp/warp-image.webgpu.ts";
export { createFramePresenter, type FramePresenter } from "./pixels/frame-presenter.webgpu.ts";
export {
  createFrameReader,
  type DeviceImage,
  type FrameReader,
  type FrameReaderOptions,
} from "./pixels/frame-reader.webgpu.ts";
export { createPictureReader, type PictureReader } from "./pixels/picture-reader.webgpu.ts";
export { type PixelSource, sourceSize } from "./pixels/pixel-source.ts";
export { gridSampleKernel, resizeKernel };

/**
 * The kernels of this package, to be handed to a backend.
 *
 * They stand in for single operators. Where a runtime's own is right, it is the better choice: a graph is cut where kernels
 * stand, and every block of a decoder has a Resize between convolutions.
 */
export const warpKernels: readonly GpuKernel[] = [gridSampleKernel, resizeKernel];
