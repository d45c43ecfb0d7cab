import { disposeKeypoints, type Keypoints } from "@bunraku/keypoints";
import type { Image } from "@bunraku/warp";
import type { EncodedSource, Model } from "../models/model.ts";
import type { CalibrationFrame } from "./calibration-frames.ts";

/** What a model makes of a frame. */
export interface MadeFrame {
  /** RGB in [0, 1]. */
  readonly prediction: Float32Array;
  /** Of the driving frame, in [-1, 1]. */
  readonly points: Float32Array;
  /** For detector and frame. */
  readonly milliseconds: number;
}

/** How far two models are apart. */
export interface ModelDifference {
  /** Of all frames together, in decibels, for colours in [0, 1]. */
  readonly psnr: number;
  /** Of the frame that differs most. */
  readonly worstPsnr: number;
  /** Root mean square distance of keypoints, in pixels. */
  readonly keypointError: number;
}

/** Renders frames through the whole model: detector, transfer, frame. */
export async function makeFrames(
  model: Model,
  frames: readonly CalibrationFrame[],
  { signal, onFrame }: { readonly signal?: AbortSignal; readonly onFrame?: () => void } = {},
): Promise<MadeFrame[]> {
  const waiting = signal ? { signal } : {};
  const sources = new Map<Image, EncodedSource>();
  const starts = new Map<Image, Keypoints>();
  const made: MadeFrame[] = [];
  try {
    for (const { source, initial, driving } of frames) {
      if (!sources.has(source)) sources.set(source, await model.encode(source, waiting));
      if (!starts.has(initial)) starts.set(initial, await model.detect(initial, waiting));
      const from = performance.now();
      const keypoints = await model.detect(driving, waiting);
      const rendering = { ...waiting, singular: "translate" } as const;
      const frame = await model.render(sources.get(source)!, keypoints, starts.get(initial)!, rendering);
      const milliseconds = performance.now() - from;
      const prediction = (await frame.prediction!.read()) as Float32Array;
      made.push({ prediction, points: (await keypoints.points.read()) as Float32Array, milliseconds });
      disposeKeypoints(keypoints);
      onFrame?.();
    }
  } finally {
    for (const source of sources.values()) source[Symbol.dispose]();
    for (const start of starts.values()) disposeKeypoints(start);
  }
  return made;
}

/** @param size of the pictures, in pixels */
export function compareFrames(
  frames: readonly MadeFrame[],
  wanted: readonly MadeFrame[],
  { width, height }: Model["size"],
): ModelDifference {
  const errors = frames.map(({ prediction }, i) => meanSquare(prediction, wanted[i]!.prediction));
  let [distance, points] = [0, 0];
  for (const [i, { points: got }] of frames.entries()) {
    const exact = wanted[i]!.points;
    for (let k = 0; k < got.length; k += 2) {
      // Centres of corner pixels are at ±1.
      const [x, y] = [((got[k]! - exact[k]!) * (width - 1)) / 2, ((got[k + 1]! - exact[k + 1]!) * (height - 1)) / 2];
      distance += x * x + y * y;
      points++;
    }
  }
  return {
    psnr: decibels(errors.reduce((sum, error) => sum + error, 0) / errors.length),
    worstPsnr: decibels(Math.max(...errors)),
    keypointError: Math.sqrt(distance / points),
  };
}

/** The middle one of the times that frames took. */
export function medianTime(frames: readonly MadeFrame[]): number {
  const times = frames.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)]!;
}

function meanSquare(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / a.length;
}

/** Equal pictures are 120 decibels apart, a number that can be printed. */
function decibels(error: number): number {
  return Math.min(120, -10 * Math.log10(error));
}
