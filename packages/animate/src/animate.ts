import { BunrakuError, type Warning } from "@bunraku/backends";
import { copyKeypoints, disposeKeypoints, type Keypoints } from "@bunraku/keypoints";
import type { DialOptions, TransferOptions } from "@bunraku/motion";
import type { Crop, Picture, Size } from "@bunraku/warp";
import { type AnyIterable, aheadOf, mapAhead } from "./map-ahead.ts";
import { disposeOutputs, type Model } from "./models/model.ts";
import { compose, outputsOf, type RenderMode, renderModes } from "./render/compose.ts";
import {
  type DrivingFrame,
  type DrivingMotion,
  type DrivingOptions,
  drivingKeypoints,
  type FrameTimes,
  timesOf,
} from "./render/driving-keypoints.ts";
import { prepareSource } from "./render/prepare-source.ts";

export type { DrivingFrame, DrivingMotion };

/** One frame of the result: opaque RGBA bytes, owned by the caller. Disposing it frees its keypoints. */
export interface AnimatedFrame extends Picture, FrameTimes, Disposable {
  readonly data: Uint8ClampedArray;
  /** Position in the driving video, from 0. */
  readonly index: number;
  /** The source's keypoints, moved. */
  readonly keypoints: Keypoints;
  /** The driving frame's own keypoints, smoothed if that was asked for. */
  readonly driving: Keypoints;
  readonly warnings: readonly Warning[];
}

/** How `animate` moves a picture. Movement itself is set by the options of `transferMotion` and `dialMotion`. */
export interface AnimateOptions extends TransferOptions, DialOptions, DrivingOptions {
  /** @default "hybrid" when the source is larger than the model's frames, else "generator" */
  readonly render?: RenderMode;
  /** The part of the source to animate. @default the largest centred rectangle of the model's aspect */
  readonly sourceCrop?: Crop;
  /** Size of the result. @default the source's (its crop's) own; the model's for `render: "generator"` */
  readonly size?: Size;
  /** Colour behind transparent pixels, of the source and of driving frames. @default white */
  readonly background?: readonly [red: number, green: number, blue: number];
  /** The driving pose that stands for the source's own: a picture, or keypoints, borrowed. @default the first driving frame */
  readonly initial?: Picture | Keypoints;
  /**
   * Driving frames in work before they are asked for; each holds its pixels.
   *
   * @default 1; on a pool of backends, one less than twice its members
   */
  readonly ahead?: number;
}

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
  checkOptions(options);
  const {
    render,
    sourceCrop,
    drivingCrop,
    size,
    background,
    smoothing,
    initial: pose,
    ahead = aheadOf(model),
    signal,
    ...moves
  } = options;
  const abort = signal ? { signal } : {};
  const choices = { render, sourceCrop, size, background };
  const { still, image, mode, outputSize } = prepareSource(model, source, choices);
  using encoded = await model.encode(image, abort);
  const reading = { ...(drivingCrop && { drivingCrop }), ...(background && { background }), ...abort };
  const detect = await drivingKeypoints(model, { ...reading, ...(smoothing !== undefined && { smoothing }) });
  // Its own copy: the first frame's keypoints are the caller's, who may dispose them.
  let initial: Promise<Keypoints> | undefined = pose && initialKeypoints(model, pose, reading);
  initial?.catch(() => undefined); // reported with the first frame, which may take its time

  const step = async (frame: DrivingFrame | DrivingMotion, index: number): Promise<AnimatedFrame> => {
    const detected = detect(frame);
    initial ??= detected.then(copyKeypoints);
    initial.catch(() => undefined); // told by what it came from
    const now = await detected;
    try {
      const asked = { singular: "translate", ...moves, ...abort, outputs: outputsOf[mode] } as const;
      const rendered = await model.render(encoded, now, await initial, asked);
      try {
        const picture = compose(mode, model, encoded, still, rendered, outputSize);
        return {
          ...(picture as Picture & { data: Uint8ClampedArray }),
          index,
          ...timesOf(frame),
          keypoints: rendered.keypoints,
          driving: now,
          warnings: rendered.warnings,
          [Symbol.dispose]() {
            disposeKeypoints(rendered.keypoints);
            disposeKeypoints(now);
          },
        };
      } finally {
        disposeOutputs(rendered);
      }
    } catch (error) {
      disposeKeypoints(now); // nobody gets to own them
      throw error;
    }
  };
  let count = 0;
  try {
    for await (const frame of mapAhead(driving, step, { ahead, ...abort })) {
      count++;
      yield frame;
    }
  } finally {
    await initial?.then(disposeKeypoints, () => undefined);
  }
  if (count === 0) throw new BunrakuError("MEDIA", "animate: the driving video has no frames.");
}

/** Keypoints of the pose that stands for the source's own. */
async function initialKeypoints(
  model: Model,
  pose: Picture | Keypoints,
  options: Omit<DrivingOptions, "smoothing">,
): Promise<Keypoints> {
  const detect = await drivingKeypoints(model, options);
  return detect("points" in pose ? { keypoints: pose } : pose);
}

function checkOptions({ render, size, ahead }: AnimateOptions): void {
  if (render !== undefined && !renderModes.includes(render)) {
    throw new BunrakuError("OPTION", `render: expected ${renderModes.join(", ")}, got ${JSON.stringify(render)}.`);
  }
  for (const [side, pixels] of Object.entries(size ?? {})) {
    if (!Number.isInteger(pixels) || pixels < 1 || pixels > 16384) {
      throw new BunrakuError(
        "OPTION",
        `size.${side}: expected a whole number of pixels from 1 to 16384, got ${pixels}.`,
      );
    }
  }
  if (ahead !== undefined && (!Number.isInteger(ahead) || ahead < 0)) {
    throw new BunrakuError("OPTION", `ahead: expected a whole number of frames, 0 or more, got ${ahead}.`);
  }
}
