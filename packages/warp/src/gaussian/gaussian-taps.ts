/**
 * A sampled gaussian of 2 half + 1 taps around its centre, normalised to sum 1.
 *
 * @param sigma in samples, above 0
 */
export function gaussianTaps(sigma: number, half: number): Float64Array {
  const taps = Float64Array.from({ length: 2 * half + 1 }, (_, i) =>
    Math.exp(-((i - half) ** 2) / (2 * sigma * sigma)),
  );
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}
