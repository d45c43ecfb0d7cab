import { BunrakuError } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import type { Size } from "@bunraku/warp";
import { expectLayout, type KeypointLayout, layoutOf } from "../keypoint-layout/keypoint-layout.ts";

export interface JitterOptions {
  /** Measures in pixels of a picture of this size. @default normalised units, in which the picture is 2 wide and high */
  readonly size?: Size;
}

/** Measures jitter as frames come, without keeping them. */
export interface JitterMeter {
  /**
   * @param seconds time of the frame, above the last one's @default evenly spaced frames
   * @throws `MOTION` when keypoints are not finite, or other than before in number or parts; `OPTION`; `SHAPE`
   */
  add(keypoints: Keypoints, seconds?: number): void;
  /** The jitter so far; `undefined` when there is nothing to measure: fewer than three frames, or none sure. */
  readonly jitter: number | undefined;
}

/**
 * How much keypoints tremble: the standard deviation, per coordinate, of the white noise that would make them as unsteady.
 *
 * It is the RMS, over frames, keypoints and coordinates, of how far a point is from the straight line between the frames
 * before and after, divided by what unit noise gives (√(3/2) for even steps: second differences / √6). Steady movement
 * has none. Changes of speed count: a clip of movement without noise has a little of its own, so compare like with like.
 * Each triple of frames weighs by the least of its confidences.
 *
 * @param timestamps seconds of each frame, rising @default evenly spaced frames
 * @returns in normalised units, or pixels by `size`; `undefined` when there is nothing to measure
 * @throws as `JitterMeter.add`
 */
export function jitterOf(
  frames: Iterable<Keypoints>,
  { timestamps, ...options }: JitterOptions & { readonly timestamps?: ArrayLike<number> } = {},
): number | undefined {
  const meter = createJitterMeter(options);
  let index = 0;
  for (const frame of frames) meter.add(frame, timestamps ? timestamps[index++]! : index++);
  if (timestamps && timestamps.length !== index) {
    throw new BunrakuError(
      "OPTION",
      `jitterOf timestamps: expected one per frame (${index}), got ${timestamps.length}.`,
    );
  }
  return meter.jitter;
}

interface Sample {
  readonly points: Float32Array;
  readonly confidences: Float32Array | undefined;
  readonly seconds: number;
}

/** Measures what `jitterOf` does while frames come; it keeps two of them. */
export function createJitterMeter({ size }: JitterOptions = {}): JitterMeter {
  // A pixel is 2 / (side - 1): ±1 are the centres of the corner pixels.
  const scales = size ? [(size.width - 1) / 2, (size.height - 1) / 2] : [1, 1];
  let layout: KeypointLayout | undefined;
  const recent: Sample[] = [];
  let [sum, weights] = [0, 0];

  return {
    add(keypoints, seconds) {
      const last = recent.at(-1);
      const time = seconds ?? (last ? last.seconds + 1 : 0);
      if (!Number.isFinite(time) || (last && time <= last.seconds)) {
        throw new BunrakuError(
          "OPTION",
          `jitter seconds: expected a time after the last frame's${last ? ` ${last.seconds}` : ""}, got ${time}.`,
        );
      }
      if (layout) expectLayout(keypoints, layout, "jitter keypoints");
      layout ??= layoutOf(keypoints, "jitter keypoints");
      const now = {
        points: keypoints.points.data.slice(),
        confidences: keypoints.confidences?.data.slice(),
        seconds: time,
      };
      const [before, middle] = recent.length === 2 ? recent : [];
      if (before && middle) measure(before, middle, now);
      recent.push(now);
      if (recent.length > 2) recent.shift();
    },
    get jitter() {
      return weights > 0 ? Math.sqrt(sum / weights) : undefined;
    },
  };

  function measure(before: Sample, middle: Sample, after: Sample): void {
    const share = (middle.seconds - before.seconds) / (after.seconds - before.seconds);
    const ofUnitNoise = 1 + share ** 2 + (1 - share) ** 2;
    for (let i = 0; i < middle.points.length; i++) {
      const k = i >> 1;
      const weight = Math.min(...[before, middle, after].map(({ confidences }) => confidences?.[k] ?? 1));
      const straight = before.points[i]! + share * (after.points[i]! - before.points[i]!);
      sum += (weight * ((middle.points[i]! - straight) * scales[i % 2]!) ** 2) / ofUnitNoise;
      weights += weight;
    }
  }
}
