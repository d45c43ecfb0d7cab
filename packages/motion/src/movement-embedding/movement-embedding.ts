import { expectShape, type Tensor, tensor, zeros } from "@bunraku/backends";
import { gaussianHeatmaps } from "@bunraku/keypoints";
import { gridSample, identityGrid, resizeNearest, type Size, scaledSize } from "@bunraku/warp";
import { sparseMotions } from "../sparse-motions/sparse-motions.ts";
import { embeddingCandidates, embeddingChannels, type MovementEmbeddingConfig } from "./embedding-config.ts";

/** Keypoints with the inverses of their covariances. */
export interface PrecisePoints {
  /** `[K, 2]` */
  readonly points: Tensor<"float32">;
  /** `[K, 2, 2]`, from `precisionsOf` */
  readonly precisions: Tensor<"float32">;
}

/**
 * What Monkey-Net shows its networks of a movement: per keypoint a heatmap, its displacement, and the source moved by it.
 *
 * Channel order: candidate by candidate, the background first where there is one; of each its heatmap, its displacement
 * (x, y), its deformed source, as far as the configuration uses them.
 *
 * A gaussian that is nowhere on the map sums to 0, and gives zeros where upstream divides by that.
 *
 * @param image `[1, C, H, W]`, the source; it is resized by the scale factor, to the nearest pixel
 * @returns `[1, candidates · channels, h, w]`, owned by the caller
 * @throws `SHAPE` when picture or points are not what the configuration says
 * @see spec 1M.3; Monkey-Net paper, section 3.3
 */
export function movementEmbedding(
  image: Tensor<"float32">,
  driving: PrecisePoints,
  source: PrecisePoints,
  config: MovementEmbeddingConfig,
  { alignCorners }: { alignCorners: boolean },
): Tensor<"float32", readonly [1, number, number, number]> {
  const { numKeypoints, numChannels: channels } = config;
  const [, , height, width] = expectShape(image, [1, channels, "H", "W"], "movementEmbedding image").dims;
  expectShape(driving.points, [numKeypoints, 2], "movementEmbedding driving points");
  expectShape(source.points, [numKeypoints, 2], "movementEmbedding source points");
  const size = scaledSize({ height, width }, config.scaleFactor);
  const small = resizeNearest(image, size);
  const positions = size.height * size.width;
  const candidates = embeddingCandidates(config);
  const perCandidate = embeddingChannels(config);
  const out = zeros([1, candidates * perCandidate, size.height, size.width]);

  const here = normalised(driving, size, config);
  const there = config.heatmapType === "difference" ? normalised(source, size, config) : undefined;
  const motions = sparseMotions(source.points, driving.points, undefined, size);
  const grid = identityGrid(size).data;
  for (let candidate = 0; candidate < candidates; candidate++) {
    const k = config.addBackground ? candidate - 1 : candidate;
    const motion = motions.data.subarray(2 * (k + 1) * positions, 2 * (k + 2) * positions);
    let channel = candidate * perCandidate;
    const next = () => out.data.subarray(channel * positions, ++channel * positions);
    if (config.useHeatmap) {
      const map = next();
      if (k >= 0)
        for (let i = 0; i < positions; i++) map[i] = here[k * positions + i]! - (there?.[k * positions + i] ?? 0);
    }
    if (config.useDifference)
      for (const axis of [0, 1]) {
        const map = next();
        for (let i = 0; i < positions; i++) map[i] = motion[2 * i + axis]! - grid[2 * i + axis]!;
      }
    if (config.useDeformedSource) {
      const flow = tensor("float32", motion, [1, size.height, size.width, 2]);
      const deformed = gridSample(small, flow, { alignCorners });
      for (let c = 0; c < channels; c++) next().set(deformed.data.subarray(c * positions, (c + 1) * positions));
    }
  }
  return out;
}

function normalised(
  { points, precisions }: PrecisePoints,
  size: Size,
  { normalisation }: MovementEmbeddingConfig,
): Float32Array {
  const { data, dims } = gaussianHeatmaps(points, size, { precisions });
  const positions = size.height * size.width;
  for (let k = 0; k < dims[1]; k++) {
    const map = data.subarray(k * positions, (k + 1) * positions);
    const total = normalisation === "sum" ? map.reduce((sum, value) => sum + value, 0) : normalisation;
    if (total > 0) for (let i = 0; i < positions; i++) map[i] = map[i]! / total;
  }
  return data;
}
