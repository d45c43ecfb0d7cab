import { BunrakuError } from "@bunraku/backends";
import type { TensorSpec } from "@bunraku/backends/layers";
import { type MonkeyNetGeneratorConfig, monkeyNetGeneratorSpecs } from "@bunraku/generator";
import { type MonkeyNetDetectorConfig, monkeyNetDetectorSpecs } from "@bunraku/keypoints";
import {
  embeddingChannels,
  expectEmbedding,
  type MonkeyNetDenseMotionConfig,
  type MovementEmbeddingConfig,
  monkeyNetDenseMotionSpecs,
} from "@bunraku/motion";
import { type ConfigReader, readModelParams } from "../config-reader.ts";

/** A Monkey-Net's architecture: `model_params` of an official configuration, read and checked. */
export interface MonkeyNetConfig {
  readonly detector: MonkeyNetDetectorConfig;
  readonly generator: MonkeyNetGeneratorConfig;
  /** Absent for a generator whose levels stay in place. */
  readonly denseMotion?: MonkeyNetDenseMotionConfig;
  /** Of the keypoints, for every level; absent without one. */
  readonly embedding?: MovementEmbeddingConfig;
}

/**
 * Reads `model_params`, with upstream's defaults for absent keys.
 *
 * @throws `MODEL` naming the key, what was wanted and what came
 * @see spec 3.2
 */
export function parseMonkeyNetConfig(modelParams: unknown): MonkeyNetConfig {
  const root = readModelParams(modelParams);
  const common = root.section("common_params");
  const shared = { numKeypoints: common.count("num_kp"), numChannels: common.colourChannels() };
  const keypointVariance = common.choice("kp_variance", ["matrix", "single"], { orNumber: true });
  const detector = root.section("kp_detector_params");
  const clipVariance = detector.optional("clip_variance");
  const generator = root.section("generator_params");
  const dense = generator.section("dense_motion_params", { optional: true });
  const keypointEmbedding = generator.section("kp_embedding_params", { optional: true });
  const embedding = keypointEmbedding && {
    ...shared,
    addBackground: false,
    ...embeddingOf(keypointEmbedding),
  };
  if (embedding) expectEmbedding(embedding, "configuration: model_params.generator_params.kp_embedding_params");
  const interpolation = generator.choice("interpolation_mode", ["nearest", "trilinear"], { fallback: "nearest" });
  return {
    detector: {
      ...shared,
      keypointVariance,
      temperature: detector.positive("temperature"),
      scaleFactor: detector.scaleFactor(),
      ...(clipVariance !== undefined && { clipVariance }),
      ...detector.hourglass(),
    },
    generator: {
      numChannels: shared.numChannels,
      numRefinementBlocks: generator.count("num_refinement_blocks", { least: 0 }),
      // Frames have no depth, so that of trilinear does nothing.
      interpolation: interpolation === "trilinear" ? "bilinear" : "nearest",
      embeddingChannels: embedding ? shared.numKeypoints * embeddingChannels(embedding) : 0,
      ...generator.hourglass(),
    },
    ...(dense && { denseMotion: denseMotionOf(dense, shared) }),
    ...(embedding && { embedding }),
  };
}

type Shared = Pick<MovementEmbeddingConfig, "numKeypoints" | "numChannels">;

function denseMotionOf(dense: ConfigReader, shared: Shared): MonkeyNetDenseMotionConfig {
  const path = "configuration: model_params.generator_params.dense_motion_params";
  const embedding = { ...shared, addBackground: true, ...embeddingOf(dense.section("mask_embedding_params")) };
  expectEmbedding(embedding, `${path}.mask_embedding_params`);
  const useMask = dense.flag("use_mask", { fallback: true });
  const useCorrection = dense.flag("use_correction", { fallback: true });
  if (!useMask && !useCorrection)
    throw new BunrakuError("MODEL", `${path}: use_mask or use_correction must be true; without both nothing moves.`);
  return {
    useMask,
    useCorrection,
    scaleFactor: dense.scaleFactor(),
    numGroupBlocks: dense.count("num_group_blocks", { fallback: 0, least: 0 }),
    embedding,
    ...dense.hourglass(),
  };
}

function embeddingOf(section: ConfigReader) {
  return {
    useHeatmap: section.flag("use_heatmap", { fallback: true }),
    useDifference: section.flag("use_difference", { fallback: false }),
    useDeformedSource: section.flag("use_deformed_source_image", { fallback: false }),
    heatmapType: section.choice("heatmap_type", ["gaussian", "difference"], { fallback: "gaussian" }),
    normalisation: section.choice("norm_const", ["sum"], { fallback: "sum", orNumber: true }),
    scaleFactor: section.scaleFactor(),
  } satisfies Partial<MovementEmbeddingConfig>;
}

/** The tensors each module of a checkpoint must hold for this architecture; convolutions have depth 1. */
export function monkeyNetTensorSpecs(config: MonkeyNetConfig): { generator: TensorSpec[]; kp_detector: TensorSpec[] } {
  const dense = config.denseMotion ? monkeyNetDenseMotionSpecs(config.denseMotion) : [];
  return {
    generator: [
      ...dense.map(({ name, dims }) => ({ name: `dense_motion_module.${name}`, dims })),
      ...monkeyNetGeneratorSpecs(config.generator),
    ],
    kp_detector: monkeyNetDetectorSpecs(config.detector),
  };
}
