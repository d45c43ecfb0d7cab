import { BunrakuError, expectShape, type Tensor, zeros } from "@bunraku/backends";
import { coordinateOf, type Size } from "@bunraku/warp";
import { variancesOf } from "./keypoint-variances.ts";

export interface ClosedFormMaskOptions {
  /**
   * How far a keypoint's motion reaches: the variance of the gaussian around it, in squared coordinates, one for all (the
   * first-order model's heatmaps have 0.01), or one per keypoint. `nearest` takes the distance of the fourth nearest
   * keypoint as standard deviation, so that close ones, as of lips, keep apart, and sparse ones leave no gaps.
   * @default "nearest"
   */
  readonly variance?: number | ArrayLike<number> | "nearest";
  /**
   * Weight of the background, which does not move, where a keypoint on its place has 1: the motion fades to nothing where
   * all gaussians fall below it. 0 moves everything. @default 0.1
   */
  readonly background?: number;
  /** `[K]`: a factor for each keypoint's weight; 0 for none. @default 1 for all */
  readonly confidences?: Tensor<"float32"> | undefined;
}

/**
 * Which keypoint each pixel follows, by distance alone: normalised gaussians around the driving keypoints, and a constant
 * for the background.
 *
 * mask_k(z) = w_k(z) / (b + Σ w_j(z)), w_k(z) = confidence_k · exp(-|z - d_k|² / (2 variance_k)); mask_0 is b's share.
 *
 * @param driving `[K, 2]`, (x, y) in [-1, 1], ±1 on the centres of the corner pixels
 * @returns `[1, K + 1, height, width]`, background first, summing to one at each pixel; owned by the caller. Without a
 * background and without any confidence, all is background.
 * @throws `SHAPE`, `OPTION`
 */
export function closedFormMasks(
  driving: Tensor<"float32">,
  { height, width }: Size,
  { variance = "nearest", background = 0.1, confidences }: ClosedFormMaskOptions = {},
): Tensor<"float32", readonly [1, number, number, number]> {
  const [count] = expectShape(driving, ["K", 2], "closedFormMasks driving").dims;
  if (confidences) expectShape(confidences, [count], "closedFormMasks confidences");
  if (!(background >= 0 && background < Infinity)) {
    throw new BunrakuError("OPTION", `closedFormMasks: background must be 0 or more, got ${background}.`);
  }
  const points = driving.data;
  const strengths = Float64Array.from({ length: count }, (_, k) => Math.max(0, confidences?.data[k] ?? 1));
  const variances = variancesOf(variance, points, strengths);
  const out = zeros([1, count + 1, height, width]);
  const plane = height * width;
  const totals = new Float64Array(plane).fill(background);
  out.data.fill(background, 0, plane);

  // A gaussian is the product of its row and its column, so exp() is taken for each of those and not for each pixel.
  const across = new Float64Array(width);
  for (let k = 0; k < count; k++) {
    if (strengths[k] === 0) continue;
    const weights = out.data.subarray((k + 1) * plane, (k + 2) * plane);
    const scale = -1 / (2 * variances[k]!);
    for (let x = 0; x < width; x++) across[x] = Math.exp(scale * (coordinateOf(x, width) - points[2 * k]!) ** 2);
    for (let y = 0, i = 0; y < height; y++) {
      const down = strengths[k]! * Math.exp(scale * (coordinateOf(y, height) - points[2 * k + 1]!) ** 2);
      for (let x = 0; x < width; x++, i++) {
        const weight = down * across[x]!;
        weights[i] = weight;
        totals[i] = totals[i]! + weight;
      }
    }
  }
  for (let k = 0; k <= count; k++) {
    if (k > 0 && strengths[k - 1] === 0) continue;
    const weights = out.data.subarray(k * plane, (k + 1) * plane);
    for (let i = 0; i < plane; i++) weights[i] = weights[i]! / totals[i]!;
  }
  // Far from every keypoint and without a background, weights are too small for numbers, but their ratios are not.
  if (background < smallestTotal) {
    for (let i = 0; i < plane; i++) {
      if (totals[i]! < smallestTotal)
        shareFar(out.data, i, { height, width }, { points, strengths, variances, background });
    }
  }
  return out;
}

/** Below this, weights in float32 lose digits. */
const smallestTotal = 1e-30;

interface Weights {
  readonly points: Float32Array;
  readonly strengths: Float64Array;
  readonly variances: Float64Array;
  readonly background: number;
}

/** The masks of pixel i, from the logarithms of its weights. */
function shareFar(out: Float32Array, i: number, { height, width }: Size, weights: Weights): void {
  const { points, strengths, variances, background } = weights;
  const x = coordinateOf(i % width, width);
  const y = coordinateOf(Math.floor(i / width), height);
  const plane = height * width;
  const logarithm = (k: number) => {
    if (k < 0) return Math.log(background);
    const square = (x - points[2 * k]!) ** 2 + (y - points[2 * k + 1]!) ** 2;
    return Math.log(strengths[k]!) - square / (2 * variances[k]!);
  };
  let most = -Infinity;
  for (let k = -1; k < strengths.length; k++) most = Math.max(most, logarithm(k));
  if (most === -Infinity) {
    out[i] = 1; // nobody has a say: the background
    return;
  }
  let total = 0;
  for (let k = -1; k < strengths.length; k++) total += Math.exp(logarithm(k) - most);
  for (let k = -1; k < strengths.length; k++) out[(k + 1) * plane + i] = Math.exp(logarithm(k) - most) / total;
}
