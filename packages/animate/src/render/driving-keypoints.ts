import { BunrakuError } from "@bunraku/backends";
import { copyKeypoints, disposeKeypoints, type Keypoints } from "@bunraku/keypoints";
import type { OneEuroOptions } from "@bunraku/motion";
import type { Crop, Picture } from "@bunraku/warp";
import type { Model } from "../models/model.ts";
import { drivingReader } from "./driving-reader.ts";

/** When a driving frame is shown. Times, where there are any, are handed through. */
export interface FrameTimes {
  /** Seconds from the start. */
  readonly timestamp?: number;
  /** Seconds. */
  readonly duration?: number;
}

/** The times of a frame, as far as it has any. */
export function timesOf({ timestamp, duration }: FrameTimes): FrameTimes {
  return { ...(timestamp !== undefined && { timestamp }), ...(duration !== undefined && { duration }) };
}

/** One driving frame as a picture. */
export interface DrivingFrame extends Picture, FrameTimes {}

/** One driving frame whose keypoints are known: recorded, smoothed, or made up. Borrowed. */
export interface DrivingMotion extends FrameTimes {
  readonly keypoints: Keypoints;
}

/** How keypoints are read from driving frames. */
export interface DrivingOptions {
  /** The part of the driving frames to follow. @default the largest centred rectangle of the model's aspect */
  readonly drivingCrop?: Crop;
  /** Colour behind transparent pixels. @default white */
  readonly background?: readonly [red: number, green: number, blue: number];
  /**
   * Calms keypoints as they come, by the 1 € filter; frames need timestamps then. For what is recorded,
   * `smoothKeypoints` does it without lag. @default false
   */
  readonly smoothing?: boolean | OneEuroOptions;
  readonly signal?: AbortSignal;
}

/**
 * Makes a function that gives the keypoints of driving frames, which must come in order; results are the caller's.
 *
 * @throws `OPTION`
 */
export async function drivingKeypoints(
  model: Model,
  { drivingCrop, background, smoothing = false, signal }: DrivingOptions,
): Promise<(frame: DrivingFrame | DrivingMotion) => Promise<Keypoints>> {
  const toImage = drivingReader(model.size, drivingCrop, background);
  const detect = async (frame: DrivingFrame | DrivingMotion) =>
    "keypoints" in frame ? copyKeypoints(frame.keypoints) : model.detect(toImage(frame), signal ? { signal } : {});
  if (smoothing === false) return detect;

  // Imported when it is asked for: applications that do without it do not fetch it.
  const { createOneEuroFilter } = await import("./one-euro-filter.ts");
  const filter = createOneEuroFilter(smoothing === true ? {} : smoothing);
  let previous: Promise<unknown> = Promise.resolve();
  return (frame) => {
    const detected = detect(frame);
    detected.catch(() => undefined); // reported when its turn comes
    // Detection may run ahead; the filter sees frames in their order.
    const calmed = previous.then(async () => {
      const keypoints = await detected;
      try {
        return filter.filter(keypoints, timeOf(frame));
      } finally {
        disposeKeypoints(keypoints);
      }
    });
    previous = calmed.catch(() => undefined);
    return calmed;
  };
}

function timeOf({ timestamp }: FrameTimes): number {
  if (timestamp !== undefined) return timestamp;
  throw new BunrakuError("OPTION", "smoothing: driving frames must have timestamps, in seconds; this one has none.");
}
