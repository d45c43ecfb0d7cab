import { expectShape, type Tensor, tensor } from "@bunraku/backends";
import { coordinateOf } from "@bunraku/warp";

/** What Monkey-Net adds to every position of a heatmap, without normalising it again (spec 1M.2, step 4). */
export const heatmapFloor = 1e-7;

/** The mean position of a heatmap and how far it spreads. */
export interface HeatmapMoments {
  /** `[K, 2]`, (x, y) */
  readonly points: Tensor<"float32", readonly [number, 2]>;
  /** `[K, 2, 2]`, squared normalised units, row-major [[xx, xy], [yx, yy]] */
  readonly covariances: Tensor<"float32", readonly [number, 2, 2]>;
}

/**
 * Mean and covariance of each probability map, as Monkey-Net takes them.
 *
 * The floor of 1e-7 adds about h w 1e-7 (1/3 + mean²) to a covariance's diagonal, which no checkpoint can do without:
 * they have learned with it.
 *
 * @param heatmaps `[1, K, H, W]`, each summing to 1
 * @returns owned by the caller
 * @see spec 1M.2, steps 4 and 5
 */
export function heatmapMoments(heatmaps: Tensor<"float32">): HeatmapMoments {
  const [, keypoints, height, width] = expectShape(heatmaps, [1, "K", "H", "W"], "heatmapMoments heatmaps").dims;
  const points = new Float32Array(2 * keypoints);
  const covariances = new Float32Array(4 * keypoints);
  for (let k = 0; k < keypoints; k++) {
    const weight = (row: number, column: number) => heatmaps.data[(k * height + row) * width + column]! + heatmapFloor;
    const [mx, my] = sumOver(height, width, (x, y, row, column) => [weight(row, column) * x, weight(row, column) * y]);
    const [xx, xy, yy] = sumOver(height, width, (x, y, row, column) => {
      const share = weight(row, column);
      return [share * (x - mx!) ** 2, share * (x - mx!) * (y - my!), share * (y - my!) ** 2];
    });
    points.set([mx!, my!], 2 * k);
    covariances.set([xx!, xy!, xy!, yy!], 4 * k);
  }
  return {
    points: tensor("float32", points, [keypoints, 2]),
    covariances: tensor("float32", covariances, [keypoints, 2, 2]),
  };
}

function sumOver(
  height: number,
  width: number,
  terms: (x: number, y: number, row: number, column: number) => number[],
): number[] {
  const sums: number[] = [];
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (const [i, term] of terms(coordinateOf(column, width), coordinateOf(row, height), row, column).entries())
        sums[i] = (sums[i] ?? 0) + term;
  return sums;
}
