import type { Device } from "@bunraku/backends/webgpu";
import { centreCrop } from "@bunraku/warp";
import { createFrameReader, type DeviceImage, type PixelSource, sourceSize } from "@bunraku/warp/webgpu";
import type { Model, RenderedFrame } from "../models/model.ts";
import type { RenderMode } from "../render/compose.ts";
import type { LiveOptions } from "./live-animator.ts";
import type { CanvasContext } from "./live-canvas.ts";
import { createLivePresenter, type LiveSource } from "./live-presenter.ts";

/** The two ends of a live picture on one device: frames in, pictures out. */
export interface LiveScreen extends Disposable {
  /** Whether it is for frames of this size, on this device and this canvas. */
  fits(device: Device, context: CanvasContext, frame: PixelSource): boolean;
  read(frame: PixelSource): DeviceImage;
  /** Draws what the model gave; borrowed until it has been handed to the device. */
  present(frame: RenderedFrame): Promise<void>;
}

/** @throws `OPTION` when the crop does not fit */
export function createLiveScreen(
  device: Device,
  context: CanvasContext,
  frame: PixelSource,
  { size, alignCorners }: Pick<Model, "size" | "alignCorners">,
  source: LiveSource,
  render: RenderMode,
  { drivingCrop, background }: Pick<LiveOptions, "drivingCrop" | "background">,
): LiveScreen {
  const frameSize = sourceSize(frame);
  const crop = drivingCrop ?? centreCrop(frameSize, size.width / size.height);
  const reader = createFrameReader(device, { size, frameSize, crop, ...(background && { background }) });
  const presenter = createLivePresenter(device, context, render, source, { alignCorners });
  return {
    fits(onDevice, onCanvas, next) {
      const { width, height } = sourceSize(next);
      const sameSize = width === frameSize.width && height === frameSize.height;
      return onDevice === device && onCanvas === context && sameSize;
    },
    read: (next) => reader.read(next),
    present: (rendered) => presenter.present(rendered),
    [Symbol.dispose]() {
      reader[Symbol.dispose]();
      presenter[Symbol.dispose]();
    },
  };
}
