/**
 * Kernels as products at the points of a transform want them: G w Gᵀ, computed in float64.
 *
 * @param weight `[O, I, 3, 3]`
 * @param kernel the transform's `[points, 3]`
 * @param order of the two axes of channels in the result
 * @returns `[points², O, I]` or `[points², I, O]`
 */
export function transformKernels(
  weight: Float32Array,
  [inputs, outputs]: readonly [number, number],
  kernel: readonly (readonly number[])[],
  order: "outputs first" | "inputs first",
): Float32Array {
  const points = kernel.length;
  const taps = Float64Array.from(kernel.flat());
  const pairs = inputs * outputs;
  const all = new Float32Array(points * points * pairs);
  const rows = new Float64Array(points * 3); // G w
  for (let pair = 0; pair < pairs; pair++) {
    const from = pair * 9;
    const [output, input] = [Math.floor(pair / inputs), pair % inputs];
    const to = order === "outputs first" ? pair : input * outputs + output;
    for (let p = 0; p < points; p++) {
      for (let column = 0; column < 3; column++) {
        rows[p * 3 + column] =
          taps[p * 3]! * weight[from + column]! +
          taps[p * 3 + 1]! * weight[from + 3 + column]! +
          taps[p * 3 + 2]! * weight[from + 6 + column]!;
      }
    }
    for (let p = 0; p < points; p++) {
      for (let q = 0; q < points; q++) {
        all[(p * points + q) * pairs + to] =
          rows[p * 3]! * taps[q * 3]! + rows[p * 3 + 1]! * taps[q * 3 + 1]! + rows[p * 3 + 2]! * taps[q * 3 + 2]!;
      }
    }
  }
  return all;
}
