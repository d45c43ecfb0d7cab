import { expectShape, type Tensor, zeros } from "@bunraku/backends";
import { coordinateOf, type Size } from "@bunraku/warp";

export interface GaussianOptions {
  /** One variance for all, in squared normalised units. @default 0.01 */
  readonly variance?: number;
  /** `[K, 2, 2]`: the inverse of each point's covariance, instead of `variance`; see `precisionsOf`. */
  readonly precisions?: Tensor<"float32">;
}

/**
 * A gaussian around each point: exp(-½ (z - p)ᵀ P (z - p)), P = 1 / variance unless given; not normalised.
 *
 * @param points `[K, 2]`, (x, y) in [-1, 1]
 * @returns `[1, K, height, width]`, owned by the caller
 * @see spec 1.5, step 2, and 1M.3
 */
export function gaussianHeatmaps(
  points: Tensor<"float32">,
  { height, width }: Size,
  { variance = 0.01, precisions }: GaussianOptions = {},
): Tensor<"float32", readonly [1, number, number, number]> {
  const [keypoints] = expectShape(points, ["K", 2], "gaussianHeatmaps points").dims;
  if (precisions) expectShape(precisions, [keypoints, 2, 2], "gaussianHeatmaps precisions");
  const out = zeros([1, keypoints, height, width]);
  for (let k = 0; k < keypoints; k++) {
    const px = points.data[2 * k]!;
    const py = points.data[2 * k + 1]!;
    const matrix = precisions?.data.subarray(4 * k, 4 * k + 4);
    const [xx, xy, yx, yy] = matrix ?? [1 / variance, 0, 0, 1 / variance];
    for (let y = 0; y < height; y++) {
      const dy = coordinateOf(y, height) - py;
      for (let x = 0; x < width; x++) {
        const dx = coordinateOf(x, width) - px;
        const distance = dx * (xx! * dx + xy! * dy) + dy * (yx! * dx + yy! * dy);
        out.data[(k * height + y) * width + x] = Math.exp(-0.5 * distance);
      }
    }
  }
  return out;
}
