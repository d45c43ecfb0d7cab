import { type DrivingFrame, type DrivingMotion, detectMotion, type Model, type ModelBundle } from "@bunraku/animate";
import { type Backend, BunrakuError, type Warning } from "@bunraku/backends";
import { disposeKeypoints, type Keypoints } from "@bunraku/keypoints";
import { openVideo, type VideoReader } from "@bunraku/media/node";
import { createJitterMeter, findBestFrame, smoothKeypoints } from "@bunraku/motion";
import type { Crop } from "@bunraku/warp";
import { chooseDrivingCrop } from "../../inputs/choose-crops.ts";
import { expectedFrames } from "../../inputs/expected-frames.ts";
import { expectMotionFits, type MotionFile, openMotionFile } from "../../inputs/motion-file.ts";
import type { CropChoice } from "../../terminal/option-values.ts";
import type { Progress } from "../../terminal/progress.ts";

export interface DrivingChoice {
  readonly driving?: string;
  readonly motion?: string;
  readonly start?: number;
  readonly duration?: number;
  readonly drivingCrop?: CropChoice;
  readonly smooth?: "offline" | "live";
  /** A frame, or `true` for the one posed most like the source. */
  readonly bestFrame?: number | true;
  readonly background?: readonly [number, number, number];
}

/** What moves the picture: a video, or recorded motion. */
export type DrivingInput = { readonly video: VideoReader } | { readonly clip: MotionFile };

/** Opens what was asked for. @throws `OPTION` when it is not exactly one; `FILE`, `MEDIA` */
export async function openDriving(choice: DrivingChoice, signal: AbortSignal): Promise<DrivingInput & AsyncDisposable> {
  const { driving, motion, start, duration, drivingCrop = "auto" } = choice;
  if ((driving === undefined) === (motion === undefined)) {
    const got = driving === undefined ? "neither" : "both";
    throw new BunrakuError("OPTION", `Give --driving or --motion: a video, or motion recorded from one; got ${got}.`);
  }
  if (driving !== undefined) {
    const video = await openVideo(driving, { signal });
    return { video, [Symbol.asyncDispose]: () => video[Symbol.asyncDispose]() };
  }
  const videoOnly = {
    "--start": start,
    "--duration": duration,
    "--driving-crop": drivingCrop === "auto" ? undefined : drivingCrop,
  };
  const given = Object.entries(videoOnly).find(([, value]) => value !== undefined);
  if (given) throw new BunrakuError("OPTION", `${given[0]} is for --driving; recorded motion is played as it is.`);
  const clip = await openMotionFile(motion!, signal);
  return { clip, [Symbol.asyncDispose]: async () => undefined };
}

/** Driving frames, ready for `animate`. */
export interface PreparedDriving {
  frames(): AsyncIterable<DrivingFrame | DrivingMotion> | Iterable<DrivingMotion>;
  readonly count: number | undefined;
  readonly frameRate: number;
  /** Where relative movement starts, when that is not the first frame. */
  readonly initial?: Keypoints;
  readonly bestFrame?: { readonly index: number; readonly distance?: number };
  /** Of the points, in pixels of the model's frames; where they were smoothed. */
  readonly jitter?: { readonly before: number; readonly after: number };
  /** The part of a driving video that is used. */
  readonly crop?: Crop;
  readonly warnings: readonly Warning[];
}

/**
 * Settles where frames come from. Looking for the best frame, or smoothing without lag, reads the motion of all frames
 * first: a quarter of a kilobyte each is kept, and no picture.
 */
export async function prepareDriving(
  input: DrivingInput,
  { backend, bundle, model }: { backend: Backend; bundle: ModelBundle; model: Model },
  sourceKeypoints: () => Promise<Keypoints>,
  choice: DrivingChoice,
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<PreparedDriving> {
  const { start, duration, bestFrame, smooth, background } = choice;
  const source = "video" in input ? await videoSource(input.video) : clipSource(input.clip);
  if (bestFrame === undefined && smooth !== "offline") return source;

  progress.begin("detecting", source.count);
  const motion: { keypoints: Keypoints; timestamp?: number; duration?: number }[] = [];
  const options = { ...(source.crop && { drivingCrop: source.crop }), ...(background && { background }), signal };
  for await (const { keypoints, timestamp, duration } of detectMotion(model, source.frames(), options)) {
    motion.push({
      keypoints,
      ...(timestamp !== undefined && { timestamp }),
      ...(duration !== undefined && { duration }),
    });
    progress.step();
  }
  const calmed = smooth === "offline" ? smoothed() : undefined;
  const best = await findBest();
  return {
    ...source,
    frames: () => motion,
    count: motion.length,
    ...(calmed && { jitter: calmed }),
    ...(best && { initial: best.keypoints, bestFrame: best.found }),
  };

  async function videoSource(video: VideoReader): Promise<PreparedDriving> {
    const { crop, warnings } = await chooseDrivingCrop(backend, bundle, model.size, video, choice, signal);
    return {
      frames: () => video.frames({ signal, start, duration }),
      count: expectedFrames(video, choice),
      frameRate: video.info.frameRate,
      crop,
      warnings: [...video.warnings, ...warnings],
    };
  }

  function clipSource(clip: MotionFile): PreparedDriving {
    const warnings = expectMotionFits(choice.motion!, clip, model, bundle.manifest);
    const { frameRate, frames: count, initial } = clip;
    return { frames: () => clip.play(), count, frameRate, initial, warnings };
  }

  function smoothed(): { before: number; after: number } | undefined {
    const timestamps = motion.map(({ timestamp = 0 }) => timestamp);
    const meters = [createJitterMeter({ size: model.size }), createJitterMeter({ size: model.size })] as const;
    const calm = smoothKeypoints(
      motion.map(({ keypoints }) => keypoints),
      { timestamps },
    );
    for (const [i, frame] of motion.entries()) {
      meters[0].add(frame.keypoints, timestamps[i]!);
      meters[1].add(calm[i]!, timestamps[i]!);
      disposeKeypoints(frame.keypoints);
      frame.keypoints = calm[i]!;
    }
    const [before, after] = meters.map(({ jitter }) => jitter);
    return before === undefined || after === undefined ? undefined : { before, after };
  }

  async function findBest() {
    if (bestFrame === undefined) return undefined;
    if (bestFrame === true) {
      const { index, distance, keypoints } = await findBestFrame(
        await sourceKeypoints(),
        motion.map(({ keypoints }) => keypoints),
      );
      return { keypoints, found: { index, distance } };
    }
    const frame = motion[bestFrame];
    if (frame) return { keypoints: frame.keypoints, found: { index: bestFrame } };
    throw new BunrakuError(
      "OPTION",
      `--best-frame: expected a frame from 0 to ${motion.length - 1}, as there are ${motion.length}, got ${bestFrame}.`,
    );
  }
}
