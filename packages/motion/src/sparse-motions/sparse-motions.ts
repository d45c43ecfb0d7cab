import { expectShape, type Tensor, zeros } from "@bunraku/backends";
import { coordinateOf, type Size } from "@bunraku/warp";
import { thinPlateKernel } from "../thin-plate-spline/thin-plate-kernel.ts";

/** What a thin-plate spline adds to affine motions. */
export interface SplineTerms {
  /** `[K, 2]`, where the affine part puts d_k @default s_k, the source */
  readonly anchors?: Tensor<"float32">;
  /** `[K, K, 2]`: how much motion k bends around driving point j @default none: affine motions */
  readonly spline?: Tensor<"float32">;
}

/**
 * The motion around each keypoint, from driving to source: T_0(z) = z for the background, T_k(z) = s_k + J_k (z - d_k).
 *
 * Zeroth order is J_k = identity: leave `jacobians` out. A spline bends a motion around all driving points:
 * T_k(z) = anchor_k + J_k (z - d_k) + Σ_j spline[k, j] U(|z - d_j|), U = r² log r²; `dialMotion` makes its terms.
 *
 * @param source `[K, 2]`, s_k
 * @param driving `[K, 2]`, d_k (already transferred)
 * @param jacobians `[K, 2, 2]`, J_k
 * @returns `[K + 1, height, width, 2]`, (x, y) per pixel, owned by the caller
 * @see spec 1.5, step 3; FOMM paper, equation 4
 */
export function sparseMotions(
  source: Tensor<"float32">,
  driving: Tensor<"float32">,
  jacobians: Tensor<"float32"> | undefined,
  { height, width }: Size,
  { anchors = source, spline }: SplineTerms = {},
): Tensor<"float32", readonly [number, number, number, 2]> {
  const [count] = expectShape(source, ["K", 2], "sparseMotions source").dims;
  expectShape(driving, [count, 2], "sparseMotions driving");
  if (jacobians) expectShape(jacobians, [count, 2, 2], "sparseMotions jacobians");
  expectShape(anchors, [count, 2], "sparseMotions anchors");
  const out = zeros([count + 1, height, width, 2]);
  let at = 0;
  for (let k = -1; k < count; k++) {
    const [sx, sy] = k < 0 ? [0, 0] : [anchors.data[2 * k]!, anchors.data[2 * k + 1]!];
    const [dx, dy] = k < 0 ? [0, 0] : [driving.data[2 * k]!, driving.data[2 * k + 1]!];
    const [xx, xy, yx, yy] = k < 0 || !jacobians ? [1, 0, 0, 1] : jacobians.data.subarray(4 * k, 4 * k + 4);
    for (let row = 0; row < height; row++) {
      const y = coordinateOf(row, height) - dy;
      for (let column = 0; column < width; column++) {
        const x = coordinateOf(column, width) - dx;
        out.data[at++] = sx + xx! * x + xy! * y;
        out.data[at++] = sy + yx! * x + yy! * y;
      }
    }
  }
  if (spline) bend(out, driving, expectShape(spline, [count, count, 2], "sparseMotions spline"));
  return out;
}

function bend(
  motions: Tensor<"float32", readonly [number, number, number, 2]>,
  driving: Tensor<"float32">,
  { dims: [count], data: weights }: Tensor<"float32", readonly [number, number, 2]>,
): void {
  const [, height, width] = motions.dims;
  for (let pixel = 0; pixel < height * width; pixel++) {
    const x = coordinateOf(pixel % width, width);
    const y = coordinateOf(Math.floor(pixel / width), height);
    for (let k = 0; k < count; k++) {
      let [bendX, bendY] = [0, 0];
      for (let j = 0; j < count; j++) {
        const kernel = thinPlateKernel((x - driving.data[2 * j]!) ** 2 + (y - driving.data[2 * j + 1]!) ** 2);
        bendX += weights[2 * (k * count + j)]! * kernel;
        bendY += weights[2 * (k * count + j) + 1]! * kernel;
      }
      const at = 2 * ((k + 1) * height * width + pixel);
      motions.data[at]! += bendX;
      motions.data[at + 1]! += bendY;
    }
  }
}
