import { BunrakuError } from "@bunraku/backends";

/** What a checkpoint's `mask_embedding_params` or `kp_embedding_params` say (spec 1M.3, 3.2). */
export interface MovementEmbeddingConfig {
  readonly numKeypoints: number;
  readonly numChannels: number;
  /** Whether the background comes first, as a keypoint that is nowhere and does not move. */
  readonly addBackground: boolean;
  readonly useHeatmap: boolean;
  /** Maps of s_k - d_k. */
  readonly useDifference: boolean;
  readonly useDeformedSource: boolean;
  /** Gaussians of the driver's keypoints, or their difference to the source's. */
  readonly heatmapType: "gaussian" | "difference";
  /** Gaussians are divided by this number, or each by its sum. */
  readonly normalisation: number | "sum";
  /** Of the source picture; sets the size of the maps. */
  readonly scaleFactor: number;
}

/** Channels per keypoint. */
export function embeddingChannels(config: MovementEmbeddingConfig): number {
  const { useHeatmap, useDifference, useDeformedSource, numChannels } = config;
  return (useHeatmap ? 1 : 0) + (useDifference ? 2 : 0) + (useDeformedSource ? numChannels : 0);
}

/** Keypoints, and the background where it is added. */
export function embeddingCandidates({ numKeypoints, addBackground }: MovementEmbeddingConfig): number {
  return numKeypoints + (addBackground ? 1 : 0);
}

/** @throws `MODEL` when an embedding is empty: nothing could be read from it */
export function expectEmbedding(config: MovementEmbeddingConfig, what: string): void {
  if (embeddingChannels(config) > 0) return;
  throw new BunrakuError(
    "MODEL",
    `${what}: at least one of use_heatmap, use_difference and use_deformed_source_image must be true.`,
  );
}
