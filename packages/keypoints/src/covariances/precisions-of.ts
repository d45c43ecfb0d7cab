import { BunrakuError, expectShape, type Tensor, tensor } from "@bunraku/backends";
import { expectFinite, type Keypoints } from "../keypoints.ts";
import { determinant2, type Matrix2, matrixAt } from "../matrix2/matrix2.ts";

/**
 * The inverse of each keypoint's covariance, for its gaussian. In float64, as an elongated covariance asks for it.
 *
 * @param variance of keypoints that have no covariances, squared normalised units
 * @returns `[K, 2, 2]`, owned by the caller
 * @throws `MOTION` when a covariance cannot be inverted, `OPTION` when there is neither a covariance nor a variance,
 * `SHAPE`
 * @see spec 1M.3
 */
export function precisionsOf(keypoints: Keypoints, variance?: number): Tensor<"float32", readonly [number, 2, 2]> {
  expectFinite(keypoints, "precisionsOf");
  const { points, covariances } = keypoints;
  const [count] = expectShape(points, ["K", 2], "precisionsOf points").dims;
  const side = covariances?.dims[1] === 1 ? 1 : 2;
  if (covariances) expectShape(covariances, [count, side, side], "precisionsOf covariances");
  if (!covariances && variance === undefined)
    throw new BunrakuError("OPTION", "precisionsOf: these keypoints have no covariances; give a variance for all.");
  const out = new Float32Array(4 * count);
  for (let k = 0; k < count; k++) {
    const precision =
      covariances && side === 2
        ? inverseCovariance(matrixAt(covariances.data, k))
        : inverseCovariance(isotropic(covariances ? covariances.data[k]! : variance!));
    if (!precision)
      throw new BunrakuError(
        "MOTION",
        `precisionsOf: the covariance of keypoint ${k} cannot be inverted. Skip the frame, or clip covariances.`,
      );
    out.set(precision, 4 * k);
  }
  return tensor("float32", out, [count, 2, 2]);
}

const isotropic = (variance: number): Matrix2 => [variance, 0, 0, variance];

/** Covariances may be small, so only the ratio of their axes is judged: 1e-12 is past what float32 can hold. */
function inverseCovariance(matrix: Matrix2): Matrix2 | undefined {
  const [a, b, c, d] = matrix;
  const determinant = determinant2(matrix);
  const size = (a * a + b * b + c * c + d * d) / 2;
  if (!(a > 0) || !(determinant > 1e-12 * size)) return undefined; // not positive definite
  return [d / determinant, 0 - b / determinant, 0 - c / determinant, a / determinant]; // 0 - 0 is not -0
}
