import { BunrakuError } from "@bunraku/backends";
import type { TensorSpec } from "@bunraku/backends/layers";

/** Monkey-Net's predictor of motion. */
export interface MotionPredictorConfig {
  readonly numKeypoints: number;
  /** `num_features` of its GRU. Upstream uses 1024. */
  readonly numFeatures: number;
  /** Whether keypoints have 2×2 covariances (`kp_variance: matrix`), or none. @default true */
  readonly covariances?: boolean;
}

/** Numbers that describe one frame: x and y of all keypoints, then their covariances. */
export function predictorInputs({ numKeypoints, covariances = true }: MotionPredictorConfig): number {
  return numKeypoints * (covariances ? 6 : 2);
}

/**
 * The tensors of a predictor, as PyTorch names them.
 *
 * @throws `OPTION` when counts are not whole numbers of at least 1
 * @see spec 1M.6
 */
export function motionPredictorSpecs(config: MotionPredictorConfig): TensorSpec[] {
  for (const name of ["numKeypoints", "numFeatures"] as const) {
    const count = config[name];
    if (!Number.isInteger(count) || count < 1) {
      throw new BunrakuError(
        "OPTION",
        `motion predictor ${name}: expected a whole number of at least 1, got ${count}.`,
      );
    }
  }
  const inputs = predictorInputs(config);
  const { numFeatures: features } = config;
  return [
    { name: "rnn.weight_ih_l0", dims: [3 * features, inputs] },
    { name: "rnn.weight_hh_l0", dims: [3 * features, features] },
    { name: "rnn.bias_ih_l0", dims: [3 * features] },
    { name: "rnn.bias_hh_l0", dims: [3 * features] },
    { name: "linear.weight", dims: [inputs, features] },
    { name: "linear.bias", dims: [inputs] },
  ];
}
