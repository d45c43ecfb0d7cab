import { BunrakuError } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import {
  buildKeypoints,
  expectLayout,
  type KeypointLayout,
  layoutOf,
  type PartName,
  partsIn,
} from "../keypoint-layout/keypoint-layout.ts";
import { expectTimes } from "./expect-times.ts";
import { type SmoothingWindow, smoothingWindow } from "./smoothing-window.ts";

export interface SmoothOptions {
  /** Seconds of each frame, rising; steps may differ. */
  readonly timestamps: ArrayLike<number>;
  /** Width of the gaussian, in seconds; frequencies above 0.13 / sigma fall below 0.7. @default 0.04 */
  readonly sigma?: number;
}

/**
 * Calms recorded keypoints without lag: each frame is where a straight line, fitted to the frames around it with gaussian
 * weights, passes at its time.
 *
 * Between the ends this is the plain gaussian filter (zero phase). The line makes it right at the ends and where steps
 * differ: steady movement of points and jacobians is unchanged everywhere. Covariances are averaged with the same
 * weights instead, so that they stay symmetric and positive definite.
 *
 * Samples weigh by their confidences. A keypoint that was lost for longer than the gaussian reaches (4 sigma) goes
 * straight from where it was last seen to where it is seen again; before the first and after the last time it stands
 * still. One that is never seen is left as it is. Confidences are handed through.
 *
 * @returns New keypoints, one per frame, owned by the caller. Inputs are borrowed.
 * @throws `MOTION` when keypoints are not finite, or differ in number or parts; `OPTION`; `SHAPE`
 */
export function smoothKeypoints(
  frames: readonly Keypoints[],
  { timestamps, sigma = 0.04 }: SmoothOptions,
): Keypoints[] {
  if (!(sigma > 0 && Number.isFinite(sigma))) {
    throw new BunrakuError("OPTION", `smoothKeypoints sigma: expected seconds above 0, got ${sigma}.`);
  }
  const first = frames[0];
  if (!first) return [];
  expectTimes(timestamps, frames.length, "smoothKeypoints timestamps");
  const layout = layoutOf(first, "smoothKeypoints frame 0");
  for (const [index, frame] of frames.entries()) expectLayout(frame, layout, `smoothKeypoints frame ${index}`);

  const smoothed: Keypoints[] = [];
  // A little more than 4 sigma: rounding must not decide on one side only whether a frame at just that distance counts.
  const reach = 4.001 * sigma;
  let [start, end] = [0, 0];
  for (const [index, frame] of frames.entries()) {
    const now = timestamps[index]!;
    while (timestamps[start]! < now - reach) start++;
    while (end < frames.length && timestamps[end]! <= now + reach) end++;
    const gaussian = new Float64Array(end - start);
    for (let j = start; j < end; j++) gaussian[j - start] = Math.exp(-(((timestamps[j]! - now) / sigma) ** 2) / 2);
    const around = { frames, timestamps, index, start, gaussian };
    const windows = layout.parts.confidences
      ? Array.from({ length: layout.keypoints }, (_, k) => smoothingWindow(around, k))
      : Array<SmoothingWindow>(layout.keypoints).fill(smoothingWindow(around));
    smoothed.push(combine(frames, frame, layout, windows));
  }
  return smoothed;
}

function combine(
  frames: readonly Keypoints[],
  frame: Keypoints,
  layout: KeypointLayout,
  windows: readonly SmoothingWindow[],
): Keypoints {
  const sizes = Object.fromEntries(partsIn(layout).map(({ name, size }) => [name, size])) as Record<PartName, number>;
  return buildKeypoints(layout, (name, data) => {
    if (name === "confidences") return data.set(frame.confidences!.data);
    for (let i = 0; i < data.length; i++) {
      const { start, line, average } = windows[Math.floor(i / sizes[name])]!;
      const weights = name === "covariances" ? average : line;
      let sum = 0;
      for (let j = 0; j < weights.length; j++) sum += weights[j]! * frames[start + j]![name]!.data[i]!;
      data[i] = sum;
    }
  });
}
