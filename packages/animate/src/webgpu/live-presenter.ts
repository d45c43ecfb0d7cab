import type { Device } from "@bunraku/backends/webgpu";
import type { Image, Picture } from "@bunraku/warp";
import { createFramePresenter, createPictureWarper } from "@bunraku/warp/webgpu";
import type { RenderedFrame } from "../models/model.ts";
import type { RenderMode } from "../render/compose.ts";
import { createHybridPresenter } from "./hybrid-presenter.ts";
import type { CanvasContext } from "./live-canvas.ts";

/** `compose` from a device to a canvas. */
export interface LivePresenter extends Disposable {
  /** Draws a frame that was rendered with `outputsOf[mode]` and kept on the device; borrowed until it has been handed on. */
  present(frame: RenderedFrame): Promise<void>;
}

/** What is shown, in the two sizes that `prepareSource` makes. */
export interface LiveSource {
  /** At the canvas's resolution, opaque. */
  readonly still: Picture;
  /** At the model's size, on the CPU. */
  readonly image: Image;
}

/** A presenter by the way a frame gets its pixels. */
export function createLivePresenter(
  device: Device,
  context: CanvasContext,
  mode: RenderMode,
  { still, image }: LiveSource,
  options: { readonly alignCorners: boolean },
): LivePresenter {
  if (mode === "hybrid") return createHybridPresenter(device, context, { still, image }, options);
  if (mode === "warp") {
    const warper = createPictureWarper(device, context, still, options);
    return { present: async ({ flow }) => warper.present(flow!), [Symbol.dispose]: () => warper[Symbol.dispose]() };
  }
  const frames = createFramePresenter(device, context);
  return {
    present: async ({ prediction }) => frames.present(prediction!),
    [Symbol.dispose]: () => frames[Symbol.dispose](),
  };
}
