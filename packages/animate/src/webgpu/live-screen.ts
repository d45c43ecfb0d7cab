import type { Tensor } from "@bunraku/backends";
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
import type { CanvasContext } from "./live-canvas.ts";

/** The two ends of a live picture on one device: frames in, pictures out. */
export interface LiveScreen extends Disposable {
  /** Whether it is for frames of this size, on this device and this canvas. */
  fits(device: Device, context: CanvasContext, frame: PixelSource): boolean;
  read(frame: PixelSource): DeviceImage;
  /** Draws what the model gave: a frame, or a flow that moves the picture. */
  present(output: Tensor<"float32">): void;
}

/** @throws `OPTION` when the crop does not fit */
export function createLiveScreen(
  device: Device,
  context: CanvasContext,
  frame: PixelSource,
  { size, alignCorners }: Pick<Model, "size" | "alignCorners">,
  still: Picture,
  { render, drivingCrop, background }: Pick<LiveOptions, "render" | "drivingCrop" | "background">,
): LiveScreen {
  const frameSize = sourceSize(frame);
  const crop = drivingCrop ?? centreCrop(frameSize, size.width / size.height);
  const reader = createFrameReader(device, { size, frameSize, crop, ...(background && { background }) });
  const presenter =
    render === "warp"
      ? createPictureWarper(device, context, still, { alignCorners })
      : createFramePresenter(device, context);
  return {
    fits(onDevice, onCanvas, next) {
      const { width, height } = sourceSize(next);
      const sameSize = width === frameSize.width && height === frameSize.height;
      return onDevice === device && onCanvas === context && sameSize;
    },
    read: (next) => reader.read(next),
    present: (output) => presenter.present(output),
    [Symbol.dispose]() {
      reader[Symbol.dispose]();
      presenter[Symbol.dispose]();
    },
  };
}
