import { expectShape, type Tensor, tensor } from "@bunraku/backends";
import { type Matrix2, matrixAt } from "../matrix2/matrix2.ts";

/**
 * Scales each matrix so that its smallest singular value is at least `least`.
 *
 * Convention: the whole matrix is scaled, as Monkey-Net does, so that an elongated covariance grows in both directions;
 * only a matrix without any extent in one direction, for which upstream gives not-a-number, gets `least` added to its
 * diagonal instead.
 *
 * The singular value is computed step by step in float32, as upstream does: the difference of two sums of squares loses
 * digits for elongated matrices, and what the loss leaves is what checkpoints were trained with. A more exact form would
 * differ by percents.
 *
 * @param covariances `[K, 2, 2]`
 * @param least in squared normalised units
 * @returns `[K, 2, 2]`, owned by the caller
 * @see spec 1M.2, step 5, and 7.8
 */
export function clipCovariances(
  covariances: Tensor<"float32">,
  least: number,
): Tensor<"float32", readonly [number, 2, 2]> {
  const [count] = expectShape(covariances, ["K", 2, 2], "clipCovariances covariances").dims;
  const out = new Float32Array(4 * count);
  for (let k = 0; k < count; k++) {
    const matrix = matrixAt(covariances.data, k);
    const smallest = smallestSingularValue(matrix);
    const scale = Math.max(least, smallest) / smallest;
    const usable = Number.isFinite(scale); // not when the smallest is 0, or the root of a negative rounding error
    for (const [i, entry] of matrix.entries())
      out[4 * k + i] = usable ? scale * entry : entry + (i % 3 === 0 ? least : 0);
  }
  return tensor("float32", out, [count, 2, 2]);
}

function smallestSingularValue(matrix: Matrix2): number {
  const round = Math.fround;
  const [a, b, c, d] = matrix;
  const [aa, bb, cc, dd] = [round(a * a), round(b * b), round(c * c), round(d * d)];
  const sum = round(round(round(aa + bb) + cc) + dd);
  const skew = round(round(round(aa + bb) - cc) - dd);
  const cross = round(round(a * c) + round(b * d));
  const difference = round(Math.sqrt(round(round(skew * skew) + round(4 * round(cross * cross)))));
  return round(Math.sqrt(round(round(sum - difference) / 2)));
}
