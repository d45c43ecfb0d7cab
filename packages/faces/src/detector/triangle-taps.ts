/** Which inputs an output position mixes, and how. The weights sum to one. */
export interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * The weights that resample one axis: linear interpolation where it grows, a triangle over all inputs where it shrinks.
 *
 * @param origin First input of the axis.
 * @param scale Inputs per output.
 * @param count Outputs.
 * @param length Inputs, from `origin` on; nothing outside is read.
 */
export function triangleTaps(origin: number, scale: number, count: number, length: number): Taps[] {
  const radius = Math.max(1, scale);
  const last = Math.round(length) - 1;
  return Array.from({ length: count }, (_, i) => {
    const centre = (i + 0.5) * scale - 0.5;
    const from = Math.max(0, Math.ceil(centre - radius));
    const to = Math.min(last, Math.floor(centre + radius));
    const weights = Float64Array.from({ length: to - from + 1 }, (_, tap) =>
      Math.max(0, 1 - Math.abs(from + tap - centre) / radius),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first: origin + from, weights: weights.map((weight) => weight / sum) };
  });
}
