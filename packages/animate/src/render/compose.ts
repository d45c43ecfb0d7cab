import { blendWeights } from "@bunraku/generator";
import { displacementOf, imageToPicture, type Picture, warpImage, warpPicture } from "@bunraku/warp";
import type { EncodedSource, FrameOutput, Model, RenderedFrame } from "../models/model.ts";

/**
 * How a frame gets its pixels.
 *
 * - `generator`: the model's own frame, at the model's size.
 * - `warp`: the source picture, moved at its own resolution; nothing is painted.
 * - `hybrid`: the warp, painted over with the generator's pixels where the source does not show what is needed.
 */
export type RenderMode = "generator" | "warp" | "hybrid";

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
 * @param frame rendered with `outputsOf[mode]`
 */
export function compose(
  mode: RenderMode,
  model: Model,
  source: EncodedSource,
  still: Picture,
  frame: RenderedFrame,
): Picture {
  if (mode === "generator") return imageToPicture(frame.prediction!);
  const displacement = displacementOf(frame.flow!, model);
  if (mode === "warp") return warpPicture(still, displacement);
  const warped = warpImage(source.image, displacement);
  return warpPicture(still, displacement, blendWeights(warped, frame.prediction!, frame.occlusion));
}
