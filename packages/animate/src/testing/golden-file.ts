/** A fixture in the golden format (spec, appendix G): numbers that the original PyTorch code gave. */
export interface GoldenFile {
  readonly config: unknown;
  /** In pixels; a pair is [height, width]. */
  readonly size: number | readonly [number, number];
  readonly kp_source: GoldenKeypoints;
  /** First-order models only: Monkey-Net's `kp_driving` holds both frames, the initial first. */
  readonly kp_initial?: GoldenKeypoints;
  readonly kp_driving: GoldenKeypoints;
  readonly [mode: string]: unknown;
}

/** Keypoints as a fixture holds them: flat, row-major. First-order models have values, Monkey-Net means. */
export interface GoldenKeypoints {
  readonly value?: readonly number[];
  readonly jacobian?: readonly number[];
  readonly mean?: readonly number[];
  /** Four entries per keypoint, or one. */
  readonly var?: readonly number[];
}

/** What one mode gave. Maps are listed at points (y, x), one list of channels each. */
export interface GoldenMode {
  readonly kp_norm: GoldenKeypoints;
  readonly mask?: readonly (readonly number[])[];
  readonly mask_points_yx?: readonly (readonly [number, number])[];
  readonly deformation?: readonly (readonly number[])[];
  /** @default `mask_points_yx` */
  readonly deformation_points_yx?: readonly (readonly [number, number])[];
  readonly occlusion?: readonly (readonly number[])[];
  readonly sparse_deformed_k0_k1?: readonly (readonly number[])[];
  readonly prediction: readonly (readonly number[])[];
  readonly deformed?: readonly (readonly number[])[];
  readonly points_yx: readonly (readonly [number, number])[];
  readonly prediction_mean?: readonly number[];
  readonly prediction_std?: readonly number[];
  readonly prediction_f32_b64?: string;
}

/** What is compared. */
export type GoldenField =
  | "keypoints"
  | "jacobians"
  | "covariances"
  | "masks"
  | "flow"
  | "occlusion"
  | "sparseDeformed"
  | "deformed"
  | "prediction";

/** One frame of keypoints that hold several. */
export function frameOf(keypoints: GoldenKeypoints, index: number, count: number): GoldenKeypoints {
  const part = (values: readonly number[] | undefined) =>
    values?.slice((index * values.length) / count, ((index + 1) * values.length) / count);
  return Object.fromEntries(Object.entries(keypoints).map(([name, values]) => [name, part(values)]));
}
