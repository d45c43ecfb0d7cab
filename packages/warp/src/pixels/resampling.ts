import { gaussianTaps } from "../gaussian/gaussian-taps.ts";

/** What one output position of an axis mixes. */
export interface Taps {
  /** First input position that matters. */
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * For each output position of one axis: which inputs it mixes, and how. The weights sum to one.
 *
 * @see spec 4.1: scikit-image 0.19 `resize`, as `createPictureResizer` says
 */
export function resampling(from: number, to: number): Taps[] {
  const ratio = from / to;
  const gaussian = blurOf(ratio);
  const half = (gaussian.length - 1) / 2;
  return Array.from({ length: to }, (_, i) => {
    const sums = new Map<number, number>();
    const centre = mirrorPlace((i + 0.5) * ratio - 0.5, from);
    const left = Math.floor(centre);
    for (const [place, share] of [
      [left, 1 - (centre - left)],
      [left + 1, centre - left],
    ] as const) {
      if (share === 0) continue;
      for (let tap = 0; tap < gaussian.length; tap++) {
        const position = mirrorIndex(place + tap - half, from);
        sums.set(position, (sums.get(position) ?? 0) + share * gaussian[tap]!);
      }
    }
    const first = Math.min(...sums.keys());
    const weights = new Float64Array(Math.max(...sums.keys()) - first + 1);
    for (const [position, weight] of sums) weights[position - first] = weight;
    return { first, weights };
  });
}

function blurOf(ratio: number): Float64Array {
  if (ratio <= 1) return Float64Array.of(1); // an axis that grows is not blurred
  const sigma = (ratio - 1) / 2;
  return gaussianTaps(sigma, Math.floor(4 * sigma + 0.5));
}

/** Reflects an index into [0, size) about the centres of the border pixels, as often as needed. */
function mirrorIndex(index: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const folded = ((index % period) + period) % period;
  return folded < size ? folded : period - folded;
}

function mirrorPlace(place: number, size: number): number {
  return place < 0 ? Math.min(-place, size - 1) : place > size - 1 ? Math.max(0, 2 * (size - 1) - place) : place;
}
