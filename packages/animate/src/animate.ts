import type { Picture } from "@bunraku/warp";
import { animateMany } from "./animate-many.ts";
import type { AnimatedFrame, AnimateOptions } from "./animate-options.ts";
import type { AnyIterable } from "./map-ahead.ts";
import type { Model } from "./models/model.ts";
import type { DrivingFrame, DrivingMotion } from "./render/driving-keypoints.ts";

export type { AnimatedFrame, AnimateOptions, DrivingFrame, DrivingMotion };

/**
 * Makes a picture move the way a video moves.
 *
 * Holds a bounded number of frames, whatever the length of the video: it pulls one driving frame when a result is asked
 * for, and a few ahead. When the consumer stops, the driving iterator is closed. A jacobian that cannot be inverted lets
 * its keypoint translate in that frame, with a warning, unless `singular` says otherwise.
 *
 * @param source borrowed
 * @param driving pictures of one size, or keypoints, in order; borrowed
 * @throws `SHAPE`, `OPTION`, `MOTION`, `MEDIA` when there is no driving frame; `signal.reason`
 * @example
 * for await (const frame of animate(model, picture, video.frames())) await writer.write(frame);
 */
export async function* animate(
  model: Model,
  source: Picture,
  driving: AnyIterable<DrivingFrame | DrivingMotion>,
  options: AnimateOptions = {},
): AsyncGenerator<AnimatedFrame, void, undefined> {
  for await (const [frame] of animateMany(model, [{ picture: source }], driving, options)) yield frame!;
}
