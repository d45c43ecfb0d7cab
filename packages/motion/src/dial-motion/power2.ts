import { determinant2, identity2, type Matrix2 } from "@bunraku/keypoints";

/**
 * A real power of a matrix, the principal one: an angle is multiplied by the exponent, a scale is raised to it.
 *
 * Powers of one matrix add up: M^a M^b = M^(a + b), M^0 = identity, M^1 = M to the bit, M^-1 its inverse.
 *
 * @returns `undefined` where there is none: for a matrix that mirrors, flattens, or turns by half a turn (an eigenvalue
 * of 0 or below), and where the power overflows
 */
export function power2(matrix: Matrix2, exponent: number): Matrix2 | undefined {
  if (exponent === 1) return matrix;
  if (exponent === 0) return identity2;
  const [xx, xy, yx, yy] = matrix;
  // M = mean · I + rest, with rest² = square · I: any function of M is even · I + odd · rest.
  const mean = (xx + yy) / 2;
  const rest: Matrix2 = [(xx - yy) / 2, xy, yx, (yy - xx) / 2];
  const square = rest[0] * rest[0] + xy * yx;
  const determinant = determinant2(matrix);
  if (!(determinant > 0)) return undefined;
  let even: number;
  let odd: number;
  if (square < -flat * determinant) {
    // A pair of complex eigenvalues: length √det, angle phi.
    const imaginary = Math.sqrt(-square);
    const angle = exponent * Math.atan2(imaginary, mean);
    const length = determinant ** (exponent / 2);
    even = length * Math.cos(angle);
    odd = (length * Math.sin(angle)) / imaginary;
  } else {
    if (!(mean > 0)) return undefined;
    const root = Math.sqrt(Math.max(0, square));
    const [large, small] = [mean + root, determinant / (mean + root)];
    even = (large ** exponent + small ** exponent) / 2;
    odd =
      root * root > flat * determinant
        ? (large ** exponent - small ** exponent) / (2 * root)
        : exponent * mean ** (exponent - 1);
  }
  const power = [even + odd * rest[0], odd * xy, odd * yx, even + odd * rest[3]] as const;
  return power.every((value) => Number.isFinite(Math.fround(value))) ? power : undefined;
}

/** Eigenvalues whose relative difference has this square count as one: their difference quotient is the derivative. */
const flat = 1e-14;
