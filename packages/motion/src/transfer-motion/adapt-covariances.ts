import { BunrakuError, tensor } from "@bunraku/backends";
import { determinant2, type Keypoints, type Matrix2, matrixAt, multiply2 } from "@bunraku/keypoints";

type Covariances = NonNullable<Keypoints["covariances"]>;

/**
 * The source's covariances, changed the way the driver's have changed since `initial`: Vd · inverse(Vi) · Vs, made
 * symmetric, and positive by raising eigenvalues that are not to 1e-6.
 *
 * On the initial frame they are the source's own. The step is ill-conditioned where covariances are elongated: where
 * float32 could not tell the smaller eigenvalue from 0, and a gaussian would be a matter of rounding, it is raised to
 * 2^-22 of the larger.
 *
 * @throws `MOTION` when a covariance of `initial` cannot be inverted
 * @see spec 4.7
 */
export function adaptCovariances(source: Covariances, driving: Covariances, initial: Covariances): Covariances {
  const out = new Float32Array(source.data.length);
  const [count, side] = source.dims;
  for (let k = 0; k < count; k++) {
    if (side === 1) {
      const variance = (driving.data[k]! / initial.data[k]!) * source.data[k]!;
      if (!Number.isFinite(variance)) throw singularError(k);
      out[k] = variance > 0 ? variance : smallestEigenvalue;
      continue;
    }
    const inverse = inverseOf(matrixAt(initial.data, k));
    if (!inverse) throw singularError(k);
    const [a, b, c, d] = multiply2(multiply2(matrixAt(driving.data, k), inverse), matrixAt(source.data, k));
    out.set(positive(a, (b + c) / 2, d), 4 * k);
  }
  return tensor("float32", out, source.dims) as Covariances;
}

/** What upstream puts in the place of an eigenvalue of at most 0. */
const smallestEigenvalue = 1e-6;

/** Rounding to float32 moves eigenvalues by up to about 2^-23 of the larger. */
const resolution = 2 ** -22;

/** The symmetric matrix [[a, b], [b, d]] with its eigenvalues made positive, also as float32. */
function positive(a: number, b: number, d: number): Matrix2 {
  const middle = (a + d) / 2;
  const radius = Math.hypot((a - d) / 2, b);
  const [larger, smaller] = [middle + radius, middle - radius];
  if (smaller > 0 && smaller >= resolution * larger) return [a, b, b, d];
  const l = larger > 0 ? larger : smallestEigenvalue;
  const s = Math.max(smaller > 0 ? smaller : smallestEigenvalue, resolution * l);
  if (radius === 0) return [l, 0, 0, l];
  // In the frame of its eigenvectors: middle + radius · [[cos, sin], [sin, -cos]] of twice their angle.
  const [cos, sin] = [(a - d) / 2 / radius, b / radius];
  const [newMiddle, newRadius] = [(l + s) / 2, (l - s) / 2];
  return [newMiddle + newRadius * cos, newRadius * sin, newRadius * sin, newMiddle - newRadius * cos];
}

/** Covariances are small numbers: only an exact zero, or what is no number, has no inverse. */
function inverseOf(matrix: Matrix2): Matrix2 | undefined {
  const determinant = determinant2(matrix);
  const [a, b, c, d] = matrix;
  const inverse: Matrix2 = [d / determinant, -b / determinant, -c / determinant, a / determinant];
  return inverse.every(Number.isFinite) ? inverse : undefined;
}

function singularError(k: number): BunrakuError {
  return new BunrakuError(
    "MOTION",
    `transferMotion: the covariance of initial keypoint ${k} cannot be inverted. Begin at another frame, or leave adaptCovariances out.`,
  );
}
