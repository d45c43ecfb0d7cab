import { expectShape, type Tensor, zeros } from "@bunraku/backends";
import { coordinateOf, type Size } from "@bunraku/warp";

/**
 * The motion around each keypoint, from driving to source: T_0(z) = z for the background, T_k(z) = s_k + J_k (z - d_k).
 *
 * Zeroth order is J_k = identity: leave `jacobians` out.
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
): Tensor<"float32", readonly [number, number, number, 2]> {
  const [count] = expectShape(source, ["K", 2], "sparseMotions source").dims;
  expectShape(driving, [count, 2], "sparseMotions driving");
  if (jacobians) expectShape(jacobians, [count, 2, 2], "sparseMotions jacobians");
  const out = zeros([count + 1, height, width, 2]);
  let at = 0;
  for (let k = -1; k < count; k++) {
    const [sx, sy] = k < 0 ? [0, 0] : [source.data[2 * k]!, source.data[2 * k + 1]!];
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
  return out;
}
