import {
  convSpecs,
  type HourglassConfig,
  hourglassChannels,
  hourglassSpecs,
  type TensorSpec,
  withDepth,
} from "@bunraku/backends/layers";

/** How Monkey-Net measures a keypoint's spread: a full covariance, one variance, or not at all (a fixed number). */
export type KeypointVariance = "matrix" | "single" | number;

/** What a checkpoint's `common_params` and `kp_detector_params` say about the detector (spec 1M.2, 3.2). */
export interface MonkeyNetDetectorConfig extends HourglassConfig {
  readonly numKeypoints: number;
  readonly numChannels: number;
  readonly temperature: number;
  readonly scaleFactor: number;
  readonly keypointVariance: KeypointVariance;
  /** Least singular value of a covariance; only of "matrix". */
  readonly clipVariance?: number;
}

/** The tensors of the detector, as module `kp_detector` of a checkpoint names them. */
export function monkeyNetDetectorSpecs(config: MonkeyNetDetectorConfig): TensorSpec[] {
  return withDepth([
    ...hourglassSpecs("predictor", config, config.numChannels),
    ...convSpecs("predictor.decoder.conv", config.numKeypoints, hourglassChannels(config, config.numChannels), 3),
  ]);
}
