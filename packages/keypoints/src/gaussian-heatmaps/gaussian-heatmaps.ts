import { expectShape, type Tensor, zeros } from "@bunraku/backends";
import { coordinateOf, type Size } from "@bunraku/warp";

/**
 * A gaussian around each point: exp(-|z - p|² / (2 variance)), not normalised.
 *
 * @param points `[K, 2]`, (x, y) in [-1, 1]
 * @param options.variance in squared normalised units @default 0.01
 * @returns `[1, K, height, width]`, owned by the caller
 * @see spec 1.5, step 2
 */
export function gaussianHeatmaps(
  points: Tensor<"float32">,
  { height, width }: Size,
  { variance = 0.01 }: { variance?: number } = {},
): Tensor<"float32", readonly [1, number, number, number]> {
  const [keypoints] = expectShape(points, ["K", 2], "gaussianHeatmaps points").dims;
  const out = zeros([1, keypoints, height, width]);
  for (let k = 0; k < keypoints; k++) {
    const px = points.data[2 * k]!;
    const py = points.data[2 * k + 1]!;
    for (let y = 0; y < height; y++) {
      const dy = coordinateOf(y, height) - py;
      for (let x = 0; x < width; x++) {
        const dx = coordinateOf(x, width) - px;
        out.data[(k * height + y) * width + x] = Math.exp(-(dx * dx + dy * dy) / (2 * variance));
      }
    }
  }
  return out;
}
