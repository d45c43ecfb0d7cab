import {
  convSpecs,
  decoderSpecs,
  encoderSpecs,
  featuresAt,
  type HourglassConfig,
  levelChannels,
  resSpecs,
  type TensorSpec,
  withDepth,
} from "@bunraku/backends/layers";

/** What a checkpoint's `generator_params` say about the generator itself (spec 1M.5, 3.2). */
export interface MonkeyNetGeneratorConfig extends HourglassConfig {
  readonly numChannels: number;
  readonly numRefinementBlocks: number;
  /** How flows and embeddings are brought to the size of a level. */
  readonly interpolation: "nearest" | "bilinear";
  /** Channels of the keypoint embedding that joins every level; 0 without one. */
  readonly embeddingChannels: number;
}

/** Channels of the picture before refinement: the first level, the source itself, the embedding. */
export function refinementChannels(config: MonkeyNetGeneratorConfig): number {
  return featuresAt(config, 0) + config.numChannels + config.embeddingChannels;
}

/** The tensors of the generator without its dense motion, as module `generator` of a checkpoint names them. */
export function monkeyNetGeneratorSpecs(config: MonkeyNetGeneratorConfig): TensorSpec[] {
  const levels = levelChannels(config, config.numChannels).map((channels) => channels + config.embeddingChannels);
  const channels = refinementChannels(config);
  return withDepth([
    ...encoderSpecs("appearance_encoder", config, config.numChannels),
    ...decoderSpecs("video_decoder", config, levels),
    ...Array.from({ length: config.numRefinementBlocks }, (_, i) =>
      resSpecs(`refinement_module.r${i}`, channels),
    ).flat(),
    ...convSpecs("refinement_module.conv-last", config.numChannels, channels, 1),
  ]);
}
