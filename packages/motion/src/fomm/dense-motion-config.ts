import {
  convSpecs,
  type HourglassConfig,
  hourglassChannels,
  hourglassSpecs,
  type TensorSpec,
} from "@bunraku/backends/layers";

/** What a checkpoint's `dense_motion_params` and `common_params` say about dense motion (spec 1.5, 3.1). */
export interface FommDenseMotionConfig extends HourglassConfig {
  readonly numKeypoints: number;
  readonly numChannels: number;
  readonly scaleFactor: number;
  /** Variance of the keypoint gaussians, squared normalised units. */
  readonly keypointVariance: number;
  readonly estimateOcclusionMap: boolean;
}

/** Channels of the hourglass's input: heatmap and deformed source per keypoint and for the background. */
export function denseMotionInputs({ numKeypoints, numChannels }: FommDenseMotionConfig): number {
  return (numKeypoints + 1) * (numChannels + 1);
}

/** The tensors of dense motion, as a generator's `dense_motion_network.` names them (without that prefix). */
export function fommDenseMotionSpecs(config: FommDenseMotionConfig): TensorSpec[] {
  const inputs = denseMotionInputs(config);
  const features = hourglassChannels(config, inputs);
  return [
    ...hourglassSpecs("hourglass", config, inputs),
    ...convSpecs("mask", config.numKeypoints + 1, features, 7),
    ...(config.estimateOcclusionMap ? convSpecs("occlusion", 1, features, 7) : []),
  ];
}
