import {
  blockSpecs,
  convSpecs,
  type HourglassConfig,
  hourglassChannels,
  hourglassSpecs,
  type TensorSpec,
  withDepth,
} from "@bunraku/backends/layers";
import {
  embeddingCandidates,
  embeddingChannels,
  type MovementEmbeddingConfig,
} from "../movement-embedding/embedding-config.ts";

/** What a checkpoint's `dense_motion_params` say (spec 1M.4, 3.2). */
export interface MonkeyNetDenseMotionConfig extends HourglassConfig {
  /** Whether candidate motions are mixed by masks. */
  readonly useMask: boolean;
  /** Whether the network adds a displacement of its own. */
  readonly useCorrection: boolean;
  /** Of the source picture, before the embedding's own. */
  readonly scaleFactor: number;
  /** Blocks that see each candidate alone. */
  readonly numGroupBlocks: number;
  readonly embedding: MovementEmbeddingConfig;
}

/** Channels of what dense motion reads. */
export function monkeyNetDenseMotionInputs({ embedding }: MonkeyNetDenseMotionConfig): number {
  return embeddingCandidates(embedding) * embeddingChannels(embedding);
}

/** Channels of what its network says: masks, then a correction. */
export function monkeyNetDenseMotionOutputs({ embedding, useMask, useCorrection }: MonkeyNetDenseMotionConfig): number {
  return (useMask ? embedding.numKeypoints + 1 : 0) + (useCorrection ? 2 : 0);
}

/** The tensors of dense motion, as a generator's `dense_motion_module.` names them (without that prefix). */
export function monkeyNetDenseMotionSpecs(config: MonkeyNetDenseMotionConfig): TensorSpec[] {
  const inputs = monkeyNetDenseMotionInputs(config);
  const groups = embeddingCandidates(config.embedding);
  const outputs = monkeyNetDenseMotionOutputs(config);
  return withDepth([
    ...Array.from({ length: config.numGroupBlocks }, (_, i) =>
      blockSpecs(`group_blocks.${i}`, inputs, inputs / groups, 1),
    ).flat(),
    ...hourglassSpecs("hourglass", config, inputs),
    ...convSpecs("hourglass.decoder.conv", outputs, hourglassChannels(config, inputs), 3),
  ]);
}
