import { blendWeights } from "@bunraku/generator";
import {
  createPictureResizer,
  displacementOf,
  imageToPicture,
  type Picture,
  type Size,
  warpImage,
  warpPicture,
} from "@bunraku/warp";
import type { EncodedSource, FrameOutput, Model, RenderedFrame } from "../models/model.ts";

/**
 * How a frame gets its pixels.
 *
 * - `generator`: the model's own frame, at the model's size.
 * - `warp`: the source picture, moved at its own resolution; nothing is painted.
 * - `hybrid`: the warp, painted over with the generator's pixels where the source does not show what is needed.
 */
export type RenderMode = (typeof renderModes)[number];

export const renderModes = ["generator", "warp", "hybrid"] as const;

/** What each mode needs of the model. */
export const outputsOf: Readonly<Record<RenderMode, readonly FrameOutput[]>> = {
  generator: ["prediction"],
  warp: ["flow"],
  hybrid: ["prediction", "flow", "occlusion"],
};

/**
 * Makes a frame's picture.
 *
 * @param source the encoded source, at the model's size
 * @param still the source picture at its own resolution, opaque
 * @param frame rendered with `outputsOf[mode]`; borrowed
 * @param size of the result; a generator's frame is resized to it @default the still's, or the model's
 */
export function compose(
  mode: RenderMode,
  model: Model,
  source: EncodedSource,
  still: Picture,
  frame: RenderedFrame,
  size?: Size,
): Picture {
  if (mode === "generator") {
    const picture = imageToPicture(frame.prediction!);
    if (!size || (size.width === picture.width && size.height === picture.height)) return picture;
    const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
    return imageToPicture(createPictureResizer(picture, size, whole)(picture));
  }
  const displacement = displacementOf(frame.flow!, model);
  if (mode === "warp") return warpPicture(still, displacement);
  const warped = warpImage(source.image, displacement);
  return warpPicture(still, displacement, blendWeights(warped, frame.prediction!, frame.occlusion));
}
