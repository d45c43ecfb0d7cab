/** A 2×2 matrix, row-major: [xx, xy, yx, yy], in float64. */
export type Matrix2 = readonly [number, number, number, number];

export const identity2: Matrix2 = [1, 0, 0, 1];

/** The matrix of keypoint k in a row-major `[K, 2, 2]` array. */
export function matrixAt(data: ArrayLike<number>, k: number): Matrix2 {
  return [data[4 * k]!, data[4 * k + 1]!, data[4 * k + 2]!, data[4 * k + 3]!];
}

export function multiply2([a, b, c, d]: Matrix2, [e, f, g, h]: Matrix2): Matrix2 {
  return [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
}

export function determinant2([a, b, c, d]: Matrix2): number {
  return a * d - b * c;
}

/** The inverse, or `undefined` when |det| is below 1e-8: near-singular jacobians would throw pixels far away (spec 7.4). */
export function inverse2(matrix: Matrix2): Matrix2 | undefined {
  const determinant = determinant2(matrix);
  if (!(Math.abs(determinant) >= 1e-8)) return undefined;
  const [a, b, c, d] = matrix;
  return [d / determinant, -b / determinant, -c / determinant, a / determinant];
}
