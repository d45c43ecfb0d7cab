import type { Keypoints } from "@bunraku/keypoints";

/** The frames that make up one smoothed frame: weights of the fitted line, and of the average. Both sum to one. */
export interface SmoothingWindow {
  readonly start: number;
  readonly line: Float64Array;
  readonly average: Float64Array;
}

/** A frame among others. */
export interface Around {
  readonly frames: readonly Keypoints[];
  readonly timestamps: ArrayLike<number>;
  readonly index: number;
  /** The first frame that the gaussian reaches. */
  readonly start: number;
  readonly gaussian: Float64Array;
}

/** The window of one frame; of keypoint k where confidences differ, else of all. */
export function smoothingWindow({ frames, timestamps, index, start, gaussian }: Around, k?: number): SmoothingWindow {
  const confidence = (at: number) => (k === undefined ? 1 : frames[at]!.confidences!.data[k]!);
  const average = gaussian.map((weight, j) => weight * confidence(start + j));
  const total = average.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return bridge(frames.length, timestamps, index, confidence);
  for (let j = 0; j < average.length; j++) average[j]! /= total;
  return { start, average, line: lineWeights(average, timestamps, start, timestamps[index]!) };
}

/** The weights with which the line fitted to samples passes at `now`, or at the nearest sample that counts. */
function lineWeights(average: Float64Array, times: ArrayLike<number>, start: number, now: number): Float64Array {
  let [mean, earliest, latest] = [0, Infinity, -Infinity];
  for (let j = 0; j < average.length; j++) {
    if (average[j] === 0) continue;
    const time = times[start + j]! - now; // near zero: large times keep their digits
    mean += average[j]! * time;
    earliest = Math.min(earliest, time);
    latest = Math.max(latest, time);
  }
  let spread = 0;
  for (let j = 0; j < average.length; j++) spread += average[j]! * (times[start + j]! - now - mean) ** 2;
  // A line through samples on one side only would be followed far beyond them.
  const at = Math.min(Math.max(0, earliest), latest);
  // Where only one sample counts (others weigh next to nothing) there is no line.
  if (spread < 1e-9 * (latest - earliest) ** 2 || spread === 0) return average;
  return average.map((weight, j) => weight * (1 + ((times[start + j]! - now - mean) * (at - mean)) / spread));
}

/** Straight from the last sample that counts to the next one. */
function bridge(
  count: number,
  times: ArrayLike<number>,
  index: number,
  confidence: (index: number) => number,
): SmoothingWindow {
  let [before, after] = [index, index];
  while (before >= 0 && confidence(before) === 0) before--;
  while (after < count && confidence(after) === 0) after++;
  if (before < 0 && after >= count) return alone(index);
  if (before < 0) return alone(after);
  if (after >= count) return alone(before);
  const share = (times[index]! - times[before]!) / (times[after]! - times[before]!);
  const weights = new Float64Array(after - before + 1);
  weights[0] = 1 - share;
  weights[weights.length - 1] = share;
  return { start: before, line: weights, average: weights };
}

function alone(index: number): SmoothingWindow {
  return { start: index, line: Float64Array.of(1), average: Float64Array.of(1) };
}
