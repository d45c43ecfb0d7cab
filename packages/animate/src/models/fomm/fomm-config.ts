import { BunrakuError } from "@bunraku/backends";
import type { TensorSpec } from "@bunraku/backends/layers";
import { type FommGeneratorConfig, fommGeneratorSpecs } from "@bunraku/generator";
import { type FommDetectorConfig, fommDetectorSpecs } from "@bunraku/keypoints";
import { type FommDenseMotionConfig, fommDenseMotionSpecs } from "@bunraku/motion";
import type { Size } from "@bunraku/warp";
import { ConfigReader } from "./config-reader.ts";

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
  if (typeof modelParams !== "object" || modelParams === null || Array.isArray(modelParams)) {
    throw new BunrakuError(
      "MODEL",
      `configuration: model_params must be a section, got ${JSON.stringify(modelParams) ?? "nothing"}.`,
    );
  }
  const root = new ConfigReader(modelParams as Record<string, unknown>, "model_params");
  const common = root.section("common_params");
  const numKeypoints = common.count("num_kp");
  const numChannels = common.count("num_channels", { fallback: 3 });
  if (numChannels !== 3)
    throw new BunrakuError("UNSUPPORTED", `configuration: num_channels must be 3 (RGB), got ${numChannels}.`);
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
      scaleFactor: detector.positive("scale_factor", { fallback: 1, most: 1 }),
      pad: detector.count("pad", { fallback: 0, least: 0 }),
      ...hourglassOf(detector),
    },
    generator: {
      numChannels,
      blockExpansion: generator.count("block_expansion"),
      maxFeatures: generator.count("max_features"),
      numDownBlocks: generator.count("num_down_blocks", { least: 0 }),
      numBottleneckBlocks: generator.count("num_bottleneck_blocks", { least: 0 }),
    },
    ...(dense && {
      denseMotion: {
        numKeypoints,
        numChannels,
        scaleFactor: dense.positive("scale_factor", { fallback: 1, most: 1 }),
        keypointVariance: dense.positive("kp_variance", { fallback: 0.01 }),
        estimateOcclusionMap: generator.flag("estimate_occlusion_map", { fallback: false }),
        ...hourglassOf(dense),
      },
    }),
  };
}

function hourglassOf(section: ConfigReader) {
  return {
    blockExpansion: section.count("block_expansion"),
    maxFeatures: section.count("max_features"),
    numBlocks: section.count("num_blocks"),
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

/** The number of pixels that each side of a frame must be a multiple of (spec 7.15). */
export function fommSizeStep({ detector, denseMotion, generator }: FommConfig): number {
  let step = 2 ** generator.numDownBlocks;
  for (const net of denseMotion ? [detector, denseMotion] : [detector]) {
    step = leastCommonMultiple(step, Math.trunc(1 / net.scaleFactor) * 2 ** net.numBlocks);
  }
  return step;
}

/**
 * Checks that an architecture can run at a frame size.
 *
 * @throws `MODEL` naming the nearest sizes that fit
 */
export function expectFommSize(config: FommConfig, { height, width }: Size): void {
  const step = fommSizeStep(config);
  for (const [side, value] of [
    ["height", height],
    ["width", width],
  ] as const) {
    const smallest = smallestSide(config, step);
    if (Number.isInteger(value) && value >= smallest && value % step === 0) continue;
    const below = Math.max(smallest, Math.floor(value / step) * step);
    const above = Math.max(smallest, (Math.floor(value / step) + 1) * step);
    const fits = below === above ? `${above}` : `${below} or ${above}`;
    throw new BunrakuError(
      "MODEL",
      `frame size: for this model the ${side} must be a multiple of ${step} of at least ${smallest}, got ${value}. Use ${fits}.`,
    );
  }
}

/** The detector's heads are 7×7 without padding: its maps must be larger than that, and have two columns for a grid. */
function smallestSide({ detector }: FommConfig, step: number): number {
  const least = (8 - 2 * detector.pad) * Math.trunc(1 / detector.scaleFactor);
  return Math.max(step, Math.ceil(least / step) * step);
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
