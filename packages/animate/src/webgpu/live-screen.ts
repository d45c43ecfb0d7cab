import { BunrakuError, type Tensor } from "@bunraku/backends";
import type { Device } from "@bunraku/backends/webgpu";
import { centreCrop, type Picture } from "@bunraku/warp";
import {
  createFramePresenter,
  createFrameReader,
  createPictureWarper,
  type DeviceImage,
  type PixelSource,
  sourceSize,
} from "@bunraku/warp/webgpu";
import type { Model } from "../models/model.ts";
import type { LiveOptions } from "./live-animator.ts";

/** The two ends of a live picture on one device: frames in, pictures out. */
export interface LiveScreen extends Disposable {
  /** Whether it is for frames of this size, on this device. */
  fits(device: Device, frame: PixelSource): boolean;
  read(frame: PixelSource): DeviceImage;
  /** Draws what the model gave: a frame, or a flow that moves the picture. */
  present(output: Tensor<"float32">): void;
}

/** @throws `OPTION` when the canvas is no WebGPU canvas, or the crop does not fit */
export function createLiveScreen(
  device: Device,
  frame: PixelSource,
  { size, alignCorners }: Pick<Model, "size" | "alignCorners">,
  still: Picture,
  { canvas, render, drivingCrop, background }: Pick<LiveOptions, "canvas" | "render" | "drivingCrop" | "background">,
): LiveScreen {
  const frameSize = sourceSize(frame);
  const context = canvas.getContext("webgpu") as GPUCanvasContext | null;
  if (!context)
    throw new BunrakuError(
      "OPTION",
      "live: the canvas has no WebGPU context. Give one that nothing else has drawn on: a 2d or webgl context excludes it.",
    );
  const crop = drivingCrop ?? centreCrop(frameSize, size.width / size.height);
  const reader = createFrameReader(device, { size, frameSize, crop, ...(background && { background }) });
  const presenter =
    render === "warp"
      ? createPictureWarper(device, context, still, { alignCorners })
      : createFramePresenter(device, context);
  return {
    fits(wanted, next) {
      const { width, height } = sourceSize(next);
      return wanted === device && width === frameSize.width && height === frameSize.height;
    },
    read: (next) => reader.read(next),
    present: (output) => presenter.present(output),
    [Symbol.dispose]() {
      reader[Symbol.dispose]();
      presenter[Symbol.dispose]();
    },
  };
}
