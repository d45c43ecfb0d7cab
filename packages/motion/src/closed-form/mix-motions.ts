import { expectShape, type Tensor, zeros } from "@bunraku/backends";
import { coordinateOf, type Flow } from "@bunraku/warp";

/**
 * `combineMotions(sparseMotions(source, driving, jacobians, size), masks)`, without the motions in between: with 68
 * keypoints at 256 × 256 those are 36 MB a frame.
 *
 * @param source `[K, 2]`
 * @param driving `[K, 2]`
 * @param jacobians `[K, 2, 2]`
 * @param masks `[1, K + 1, H, W]`
 * @returns `[1, H, W, 2]`, owned by the caller
 */
export function mixMotions(
  source: Tensor<"float32">,
  driving: Tensor<"float32">,
  jacobians: Tensor<"float32"> | undefined,
  masks: Tensor<"float32">,
): Flow {
  const [count] = expectShape(source, ["K", 2], "mixMotions source").dims;
  expectShape(driving, [count, 2], "mixMotions driving");
  if (jacobians) expectShape(jacobians, [count, 2, 2], "mixMotions jacobians");
  const [, , height, width] = expectShape(masks, [1, count + 1, "H", "W"], "mixMotions masks").dims;
  const plane = height * width;
  const sums = new Float64Array(2 * plane);
  const columns = Float64Array.from({ length: width }, (_, x) => coordinateOf(x, width));
  for (let k = -1; k < count; k++) {
    const shares = masks.data.subarray((k + 1) * plane, (k + 2) * plane);
    // T(z) = offset + J z
    const [xx, xy, yx, yy] = k < 0 || !jacobians ? [1, 0, 0, 1] : jacobians.data.subarray(4 * k, 4 * k + 4);
    const [sx, sy] = k < 0 ? [0, 0] : [source.data[2 * k]!, source.data[2 * k + 1]!];
    const [dx, dy] = k < 0 ? [0, 0] : [driving.data[2 * k]!, driving.data[2 * k + 1]!];
    for (let row = 0, i = 0; row < height; row++) {
      const y = coordinateOf(row, height) - dy;
      const startX = sx - xx! * dx + xy! * y;
      const startY = sy - yx! * dx + yy! * y;
      for (let column = 0; column < width; column++, i++) {
        const share = shares[i]!;
        if (share === 0) continue;
        const x = columns[column]!;
        sums[2 * i] = sums[2 * i]! + share * (startX + xx! * x);
        sums[2 * i + 1] = sums[2 * i + 1]! + share * (startY + yx! * x);
      }
    }
  }
  const flow = zeros([1, height, width, 2]);
  flow.data.set(sums);
  return flow;
}
