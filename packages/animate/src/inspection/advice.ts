import type { Family } from "@bunraku/checkpoints";

/** A setting that a checkpoint does not carry, and why. */
export interface SamplingAdvice {
  readonly use: boolean;
  readonly why: string;
}

/** How a checkpoint samples, which is in no file. @see spec 1.8 */
export function alignCornersAdvice(family: Family): SamplingAdvice {
  const pinned = family === "fomm" ? "1.0.0" : "0.4.1";
  return {
    use: true,
    why:
      `The published checkpoints were trained with PyTorch ${pinned}, whose grid_sample aligns corners, and so does the ` +
      "coordinate grid of the networks. Use false for a checkpoint that was trained on PyTorch 1.3 or newer, where the " +
      "default changed, or to get what upstream's code gives there: a picture shrunk by W/(W − 1) with dark borders.",
  };
}

/** About frames larger than a first-order model was trained on. @see spec 7.16 */
export const largerFramesNote =
  "Frames of 512 × 512 need a smaller scale_factor (0.125) in kp_detector_params and dense_motion_params, so that the " +
  "networks see maps of 64 × 64 as in training; the kernel down.weight then has 29 × 29 taps instead of 13 × 13, and " +
  "bunraku computes it from scale_factor, whatever the file has. Expect less quality than from a model trained at that size.";
