import type { TensorSpec } from "@bunraku/backends/layers";
import { type FommGeneratorConfig, fommGeneratorSpecs } from "@bunraku/generator";
import { type FommDetectorConfig, fommDetectorSpecs } from "@bunraku/keypoints";
import { type FommDenseMotionConfig, fommDenseMotionSpecs } from "@bunraku/motion";
import { readModelParams } from "../config-reader.ts";
import { type FrameRule, frameRule } from "../frame-rule.ts";

/** A first-order model's architecture: `model_params` of an official configuration, read and checked. */
export interface FommConfig {
  readonly detector: FommDetectorConfig;
  readonly generator: FommGeneratorConfig;
  /** Absent for a generator that only reconstructs. */
  readonly denseMotion?: FommDenseMotionConfig;
}

/**
 * Reads `model_params`, with upstream's defaults for absent keys.
 *
 * @throws `MODEL` naming the key, what was wanted and what came
 * @see spec 3.1
 */
export function parseFommConfig(modelParams: unknown): FommConfig {
  const root = readModelParams(modelParams);
  const common = root.section("common_params");
  const numKeypoints = common.count("num_kp");
  const numChannels = common.colourChannels();
  const estimateJacobian = common.flag("estimate_jacobian", { fallback: false });

  const detector = root.section("kp_detector_params");
  const generator = root.section("generator_params");
  const dense = generator.section("dense_motion_params", { optional: true });
  return {
    detector: {
      numKeypoints,
      numChannels,
      estimateJacobian,
      singleJacobianMap: detector.flag("single_jacobian_map", { fallback: false }),
      temperature: detector.positive("temperature"),
      scaleFactor: detector.scaleFactor(),
      pad: detector.count("pad", { fallback: 0, least: 0 }),
      ...detector.hourglass(),
    },
    generator: {
      numChannels,
      blockExpansion: generator.count("block_expansion"),
      maxFeatures: generator.count("max_features"),
      numDownBlocks: generator.halvings("num_down_blocks", { least: 0 }),
      numBottleneckBlocks: generator.count("num_bottleneck_blocks", { least: 0 }),
    },
    ...(dense && {
      denseMotion: {
        numKeypoints,
        numChannels,
        scaleFactor: dense.scaleFactor(),
        keypointVariance: dense.positive("kp_variance", { fallback: 0.01 }),
        estimateOcclusionMap: generator.flag("estimate_occlusion_map", { fallback: false }),
        ...dense.hourglass(),
      },
    }),
  };
}

/** The tensors each module of a checkpoint must hold for this architecture. */
export function fommTensorSpecs(config: FommConfig): { generator: TensorSpec[]; kp_detector: TensorSpec[] } {
  const dense = config.denseMotion ? fommDenseMotionSpecs(config.denseMotion) : [];
  return {
    generator: [
      ...dense.map(({ name, dims }) => ({ name: `dense_motion_network.${name}`, dims })),
      ...fommGeneratorSpecs(config.generator),
    ],
    kp_detector: fommDetectorSpecs(config.detector),
  };
}

/**
 * Which frames an architecture takes (spec 7.15).
 *
 * The detector's heads are 7×7 without padding: its maps must be larger than that, and have two columns for a grid.
 */
export function fommFrameRule({ detector, denseMotion, generator }: FommConfig): FrameRule {
  const nets = denseMotion ? [detector, denseMotion] : [detector];
  const steps = nets.map(({ scaleFactor, numBlocks }) => Math.trunc(1 / scaleFactor) * 2 ** numBlocks);
  const least = (8 - 2 * detector.pad) * Math.trunc(1 / detector.scaleFactor);
  return frameRule([2 ** generator.numDownBlocks, ...steps], least);
}
