import { disposeKeypoints, type Keypoints } from "@bunraku/keypoints";
import type { Picture } from "@bunraku/warp";
import { type AnyIterable, aheadOf, mapAhead } from "./map-ahead.ts";
import type { Model } from "./models/model.ts";
import {
  type DrivingFrame,
  type DrivingMotion,
  type DrivingOptions,
  drivingKeypoints,
  timesOf,
} from "./render/driving-keypoints.ts";

/** One driving frame's keypoints. Disposing it frees them. */
export interface DetectedMotion extends DrivingMotion, Disposable {
  /** Position in the driving video, from 0. */
  readonly index: number;
  /** Owned by the caller. */
  readonly keypoints: Keypoints;
}

export interface DetectMotionOptions extends DrivingOptions {
  /** Frames in work before they are asked for; each holds its pixels. @default 1; on a pool of backends, one less than twice its members */
  readonly ahead?: number;
}

/**
 * Reads the motion out of a video, frame by frame: to record it, to look for the best frame, or to smooth it before
 * `animate` moves pictures by it.
 *
 * @param driving frames of one size, in order; borrowed
 * @throws `SHAPE`, `OPTION`, `MOTION`; `signal.reason`
 * @example
 * const motion = await Array.fromAsync(detectMotion(model, video.frames()));
 * const best = await findBestFrame(source.keypoints, motion.map(({ keypoints }) => keypoints));
 */
export async function* detectMotion(
  model: Model,
  driving: AnyIterable<DrivingFrame | DrivingMotion>,
  { ahead = aheadOf(model), ...options }: DetectMotionOptions = {},
): AsyncGenerator<DetectedMotion, void, undefined> {
  const detect = await drivingKeypoints(model, options);
  const step = async (frame: DrivingFrame | DrivingMotion, index: number): Promise<DetectedMotion> => {
    const keypoints = await detect(frame);
    return { index, keypoints, ...timesOf(frame), [Symbol.dispose]: () => disposeKeypoints(keypoints) };
  };
  yield* mapAhead(driving, step, { ahead, ...(options.signal && { signal: options.signal }) });
}

/**
 * The keypoints of one picture, framed and read as driving frames are.
 *
 * @returns owned by the caller
 * @throws `SHAPE`, `MOTION`; `signal.reason`
 */
export async function detectKeypoints(
  model: Model,
  picture: Picture,
  options: Omit<DrivingOptions, "smoothing"> = {},
): Promise<Keypoints> {
  const detect = await drivingKeypoints(model, options);
  return detect(picture);
}
