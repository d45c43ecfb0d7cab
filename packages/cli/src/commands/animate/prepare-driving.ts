import { type DrivingFrame, type DrivingMotion, detectMotion } from "@bunraku/animate";
import { BunrakuError, type Warning } from "@bunraku/backends";
import { disposeKeypoints, type Keypoints } from "@bunraku/keypoints";
import { findBestFrame, jitterOf, smoothKeypoints } from "@bunraku/motion";
import type { Crop, Size } from "@bunraku/warp";
import { chooseDrivingCrop } from "../../inputs/choose-crops.ts";
import { expectMotionFits } from "../../inputs/expect-motion-fits.ts";
import { expectedFrames } from "../../inputs/expected-frames.ts";
import type { ChosenModel } from "../../inputs/load-chosen-model.ts";
import type { Progress } from "../../terminal/progress.ts";
import type { DrivingChoice, DrivingInput } from "./open-driving.ts";

/** Driving frames, ready for `animate`. */
export interface PreparedDriving {
  frames(): AsyncIterable<DrivingFrame | DrivingMotion> | Iterable<DrivingMotion>;
  readonly count: number | undefined;
  readonly frameRate: number;
  /** Where relative movement of all sources starts, when that is not the first frame. */
  readonly initial?: Keypoints;
  /** Where it starts for each source, when that was looked for. */
  readonly starts?: readonly Start[];
  /** Of the points, in pixels of the model's frames; where they were smoothed. */
  readonly jitter?: { readonly before: number; readonly after: number };
  /** The part of a driving video that is used. */
  readonly crop?: Crop;
  readonly warnings: readonly Warning[];
}

/** The frame that a source's movement starts from, and how far its pose is from the source's, if that was measured. */
export interface Start {
  readonly initial: Keypoints;
  readonly bestFrame: { readonly index: number; readonly distance?: number };
}

/** Frames whose motion was read before they are rendered. */
type Motion = { keypoints: Keypoints; readonly timestamp?: number; readonly duration?: number }[];

/**
 * Settles where frames come from. Looking for the best frame, or smoothing without lag, reads the motion of all frames
 * first: a quarter of a kilobyte each is kept, and no picture.
 */
export async function prepareDriving(
  input: DrivingInput,
  chosen: ChosenModel,
  sourceKeypoints: readonly (() => Promise<Keypoints>)[],
  choice: DrivingChoice,
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<PreparedDriving> {
  const { bestFrame, smooth, background } = choice;
  const source = "video" in input ? await videoSource(input, chosen, choice, signal) : clipSource(input, chosen);
  if (bestFrame === undefined && smooth !== "offline") return source;

  progress.begin("video" in input ? "detecting" : "reading", source.count);
  const options = { ...(source.crop && { drivingCrop: source.crop }), ...(background && { background }), signal };
  const motion: Motion = [];
  for await (const { index: _, ...frame } of detectMotion(chosen.model, source.frames(), options)) {
    motion.push(frame);
    progress.step();
  }
  const jitter = smooth === "offline" ? calm(motion, chosen.model.size) : undefined;
  const starts: Start[] = [];
  if (bestFrame !== undefined)
    for (const source of sourceKeypoints) starts.push(await chooseStart(motion, bestFrame, source));
  // A clip's own start is calmed with the rest of it: there, the source stays as it is.
  const initial = "clip" in input ? motion[input.clip.header.initial] : undefined;
  return {
    ...source,
    frames: () => motion,
    count: motion.length,
    ...(jitter && { jitter }),
    ...(starts.length > 0 && { starts }),
    ...(initial && { initial: initial.keypoints }),
  };
}

async function videoSource(
  { video }: Extract<DrivingInput, { video: unknown }>,
  chosen: ChosenModel,
  choice: DrivingChoice,
  signal: AbortSignal,
): Promise<PreparedDriving> {
  const { start, duration } = choice;
  const { crop, warnings } = await chooseDrivingCrop(chosen, video, choice, signal);
  return {
    frames: () => video.frames({ signal, start, duration }),
    count: expectedFrames(video, choice),
    frameRate: video.info.frameRate,
    crop,
    warnings: [...video.warnings, ...warnings],
  };
}

function clipSource(
  { clip }: Extract<DrivingInput, { clip: unknown }>,
  { bundle, model }: ChosenModel,
): PreparedDriving {
  const warnings = expectMotionFits(clip, model, bundle.manifest);
  const { frameRate, frames: count, initial } = clip;
  return { frames: () => clip.play(), count, frameRate, initial, warnings };
}

/** Smooths keypoints in place, and says how much they trembled before and after. */
function calm(motion: Motion, size: Size): PreparedDriving["jitter"] {
  const timestamps = motion.map(({ timestamp = 0 }) => timestamp);
  const detected = motion.map(({ keypoints }) => keypoints);
  const smoothed = smoothKeypoints(detected, { timestamps });
  const [before, after] = [detected, smoothed].map((frames) => jitterOf(frames, { size, timestamps }));
  for (const [i, frame] of motion.entries()) {
    disposeKeypoints(frame.keypoints);
    frame.keypoints = smoothed[i]!;
  }
  return before === undefined || after === undefined ? undefined : { before, after };
}

/** @throws `OPTION` when there is no frame of this number */
async function chooseStart(
  motion: Motion,
  bestFrame: number | true,
  sourceKeypoints: () => Promise<Keypoints>,
): Promise<Start> {
  if (bestFrame === true) {
    const { index, distance } = await findBestFrame(
      await sourceKeypoints(),
      motion.map(({ keypoints }) => keypoints),
    );
    return { initial: motion[index]!.keypoints, bestFrame: { index, distance } };
  }
  const start = motion[bestFrame];
  if (start) return { initial: start.keypoints, bestFrame: { index: bestFrame } };
  throw new BunrakuError(
    "OPTION",
    `--best-frame: expected a frame from 0 to ${motion.length - 1}, as there are ${motion.length}, got ${bestFrame}.`,
  );
}
