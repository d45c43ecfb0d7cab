import type { Taps } from "./resampling.ts";

/** The taps of an axis as rows of equal length, for a shader. */
export interface PackedTaps {
  /** Per output position: the first input position, then `most` weights; all inside. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly most: number;
}

/**
 * Packs the taps of an axis. Those that have fewer weights than others get zeros behind, or before where the axis ends.
 *
 * @param size input positions of the axis
 */
export function packTaps(taps: readonly Taps[], size: number): PackedTaps {
  const most = Math.max(...taps.map(({ weights }) => weights.length));
  const data = new Float32Array(taps.length * (1 + most));
  for (const [i, { first, weights }] of taps.entries()) {
    const start = Math.min(first, size - most);
    data[i * (1 + most)] = start;
    data.set(weights, i * (1 + most) + 1 + first - start);
  }
  return { data, most };
}
