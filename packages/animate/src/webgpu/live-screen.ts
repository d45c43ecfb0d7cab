import { BunrakuError, type Tensor } from "@bunraku/backends";
import type { Device } from "@bunraku/backends/webgpu";
import { centreCrop, type Size } from "@bunraku/warp";
import { createFramePresenter, createFrameReader, type DeviceImage, type PixelSource } from "@bunraku/warp/webgpu";
import type { LiveOptions } from "./live-animator.ts";

/** The two ends of a live picture on one device: frames in, images out. */
export interface LiveScreen extends Disposable {
  /** Whether it is for frames of this size, on this device. */
  fits(device: Device, frame: PixelSource): boolean;
  read(frame: PixelSource): DeviceImage;
  present(image: Tensor<"float32">): void;
}

/** @throws `OPTION` when the canvas is no WebGPU canvas, or the crop does not fit */
export function createLiveScreen(
  device: Device,
  frame: PixelSource,
  size: Size,
  { canvas, drivingCrop, background }: Pick<LiveOptions, "canvas" | "drivingCrop" | "background">,
): LiveScreen {
  const frameSize = sizeOf(frame);
  const context = canvas.getContext("webgpu") as GPUCanvasContext | null;
  if (!context)
    throw new BunrakuError(
      "OPTION",
      "live: the canvas has no WebGPU context. Give one that nothing else has drawn on: a 2d or webgl context excludes it.",
    );
  const crop = drivingCrop ?? centreCrop(frameSize, size.width / size.height);
  const reader = createFrameReader(device, { size, frameSize, crop, ...(background && { background }) });
  const presenter = createFramePresenter(device, context);
  return {
    fits(wanted, next) {
      const { width, height } = sizeOf(next);
      return wanted === device && width === frameSize.width && height === frameSize.height;
    },
    read: (next) => reader.read(next),
    present: (image) => presenter.present(image),
    [Symbol.dispose]() {
      reader[Symbol.dispose]();
      presenter[Symbol.dispose]();
    },
  };
}

function sizeOf(frame: PixelSource): { width: number; height: number } {
  if ("displayWidth" in frame) return { width: frame.displayWidth, height: frame.displayHeight };
  if ("videoWidth" in frame) return { width: frame.videoWidth, height: frame.videoHeight };
  if ("naturalWidth" in frame) return { width: frame.naturalWidth, height: frame.naturalHeight };
  return { width: frame.width, height: frame.height };
}
