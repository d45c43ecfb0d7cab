import type { GpuKernel } from "@bunraku/backends/webgpu";
import { gridSampleKernel } from "./grid-sample/grid-sample.webgpu.ts";

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
export { gridSampleKernel };

/** The kernels of this package, to be handed to a backend. */
export const warpKernels: readonly GpuKernel[] = [gridSampleKernel];
