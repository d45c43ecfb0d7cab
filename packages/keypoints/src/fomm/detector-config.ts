import {
  convSpecs,
  type HourglassConfig,
  hourglassChannels,
  hourglassSpecs,
  type TensorSpec,
} from "@bunraku/backends/layers";

/** What a checkpoint's `common_params` and `kp_detector_params` say about the detector (spec 1.4, 3.1). */
export interface FommDetectorConfig extends HourglassConfig {
  readonly numKeypoints: number;
  readonly numChannels: number;
  readonly estimateJacobian: boolean;
  /** One jacobian map that serves every keypoint. */
  readonly singleJacobianMap: boolean;
  readonly temperature: number;
  readonly scaleFactor: number;
  /** Zero padding of the two heads, in pixels. */
  readonly pad: number;
}

/** The tensors of the detector, as module `kp_detector` of a checkpoint names them. */
export function fommDetectorSpecs(config: FommDetectorConfig): TensorSpec[] {
  const features = hourglassChannels(config, config.numChannels);
  const jacobianMaps = config.singleJacobianMap ? 1 : config.numKeypoints;
  return [
    ...hourglassSpecs("predictor", config, config.numChannels),
    ...convSpecs("kp", config.numKeypoints, features, 7),
    ...(config.estimateJacobian ? convSpecs("jacobian", 4 * jacobianMaps, features, 7) : []),
  ];
}
