import { BunrakuError } from "../contract/error.ts";
import type { Tensor } from "../contract/tensor.ts";

/** How far one tensor is from another. */
export interface TensorComparison {
  /** Largest absolute difference; NaN when only one of the two is NaN somewhere. 0 for tensors without elements. */
  readonly maxAbsError: number;
  /** Mean absolute difference. */
  readonly meanAbsError: number;
  /** Largest difference relative to the wanted value, where that is not within 1e-6 of zero. */
  readonly maxRelError: number;
  /** Where the largest absolute difference is, as an index into the elements; -1 when there is none. */
  readonly worst: number;
}

/**
 * Compares two tensors of the same type and dims, element by element. Equal infinities, and NaN with NaN, are equal.
 *
 * @param got On the CPU, as `wanted`; both borrowed.
 * @throws `SHAPE` when types or dims differ.
 */
export function compareTensors(got: Tensor, wanted: Tensor): TensorComparison {
  if (got.type !== wanted.type || got.dims.join() !== wanted.dims.join()) {
    throw new BunrakuError(
      "SHAPE",
      `compare: expected ${wanted.type} [${wanted.dims.join(", ")}], got ${got.type} [${got.dims.join(", ")}].`,
    );
  }
  const a = got.data;
  const b = wanted.data;
  let maxAbsError = 0;
  let maxRelError = 0;
  let sum = 0;
  let worst = -1;
  for (let at = 0; at < a.length; at++) {
    const x = Number(a[at]!);
    const y = Number(b[at]!);
    if (Object.is(x, y) || x === y) continue;
    const error = Math.abs(x - y);
    sum += error;
    if (Math.abs(y) > 1e-6) maxRelError = Math.max(maxRelError, error / Math.abs(y));
    if (error > maxAbsError || (Number.isNaN(error) && !Number.isNaN(maxAbsError))) {
      maxAbsError = error;
      worst = at;
    }
  }
  return { maxAbsError, meanAbsError: a.length === 0 ? 0 : sum / a.length, maxRelError, worst };
}
