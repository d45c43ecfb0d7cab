import { BunrakuError, expectShape, type Tensor, tensor, zeros } from "@bunraku/backends";
import { coordinateOf } from "@bunraku/warp";

/**
 * Turns scores into a probability map per keypoint: softmax over all positions of `scores / temperature`.
 *
 * @param scores `[1, K, H, W]`
 * @returns `[1, K, H, W]`, each map sums to 1, owned by the caller
 * @see spec 1.4, step 4
 */
export function heatmapsOf(
  scores: Tensor<"float32">,
  { temperature }: { temperature: number },
): Tensor<"float32", readonly [1, number, number, number]> {
  const [, keypoints, height, width] = expectShape(scores, [1, "K", "H", "W"], "heatmapsOf scores").dims;
  const positions = height * width;
  const out = zeros([1, keypoints, height, width]);
  for (let k = 0; k < keypoints; k++) {
    const map = scores.data.subarray(k * positions, (k + 1) * positions);
    let largest = Number.NEGATIVE_INFINITY;
    for (const score of map) largest = Math.max(largest, score);
    let sum = 0;
    const weights = new Float64Array(positions);
    for (let i = 0; i < positions; i++) {
      weights[i] = Math.exp((map[i]! - largest) / temperature);
      sum += weights[i]!;
    }
    for (let i = 0; i < positions; i++) out.data[k * positions + i] = weights[i]! / sum;
  }
  return out;
}

/**
 * The mean position of each probability map.
 *
 * Convention: ±1 are the centres of the map's own corner positions, even where the map is a few pixels smaller than the
 * picture it was made from (spec 1.4, step 5: the weights have learned this).
 *
 * @param heatmaps `[1, K, H, W]`, each summing to 1
 * @returns `[K, 2]`, (x, y), owned by the caller
 */
export function softArgmax(heatmaps: Tensor<"float32">): Tensor<"float32", readonly [number, 2]> {
  const [, keypoints, height, width] = expectShape(heatmaps, [1, "K", "H", "W"], "softArgmax heatmaps").dims;
  const points = zeros([keypoints, 2]);
  for (let k = 0; k < keypoints; k++) {
    let sumX = 0;
    let sumY = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const share = heatmaps.data[(k * height + y) * width + x]!;
        sumX += share * coordinateOf(x, width);
        sumY += share * coordinateOf(y, height);
      }
    }
    points.data[2 * k] = sumX;
    points.data[2 * k + 1] = sumY;
  }
  return points;
}

/**
 * The jacobian of each keypoint: its map of matrix entries, averaged under its heatmap.
 *
 * @param heatmaps `[1, K, H, W]`
 * @param entries `[1, 4 K, H, W]`, channel 4k + c is entry c of keypoint k; or `[1, 4, H, W]`, one map for all
 * @returns `[K, 2, 2]`, owned by the caller
 * @see spec 1.4, step 6
 */
export function poolJacobians(
  heatmaps: Tensor<"float32">,
  entries: Tensor<"float32">,
): Tensor<"float32", readonly [number, 2, 2]> {
  const [, keypoints, height, width] = expectShape(heatmaps, [1, "K", "H", "W"], "poolJacobians heatmaps").dims;
  const channels = expectShape(entries, [1, "C", height, width], "poolJacobians entries").dims[1];
  if (channels !== 4 && channels !== 4 * keypoints) {
    throw new BunrakuError("SHAPE", `poolJacobians entries: expected 4 or ${4 * keypoints} channels, got ${channels}.`);
  }
  const positions = height * width;
  const jacobians = new Float32Array(keypoints * 4);
  for (let k = 0; k < keypoints; k++) {
    for (let c = 0; c < 4; c++) {
      const map = (channels === 4 ? c : 4 * k + c) * positions;
      let sum = 0;
      for (let i = 0; i < positions; i++) sum += heatmaps.data[k * positions + i]! * entries.data[map + i]!;
      jacobians[4 * k + c] = sum;
    }
  }
  return tensor("float32", jacobians, [keypoints, 2, 2]);
}
