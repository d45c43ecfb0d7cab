import { BunrakuError, type Tensor, tensor } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import { expectLayout, layoutOf } from "../keypoint-layout/keypoint-layout.ts";
import { hullArea, smallestHull } from "../transfer-motion/hull-area.ts";

export interface PoseOptions {
  /**
   * How much jacobians count against points; 0 leaves them out. By default a turn in the picture's plane counts the same
   * in both: points that fill a disc have a mean square radius of 1 / (2π) of their hull. @default 1 / (2π)
   */
  readonly jacobianWeight?: number;
}

/**
 * How differently two sets of keypoints are posed, wherever they are in their pictures and however large: 0 for the same
 * pose.
 *
 * Points are moved so that their mean is 0 and divided by √(hull area); then it is the mean of |difference|² over
 * keypoints. Where either hull has no area (points on a line, fewer than three), both are divided by √(2π) times their
 * RMS distance from the mean instead, which is the same for points that fill a disc; points in one place are not scaled.
 *
 * Jacobians are divided by their Frobenius norms, which takes out scale without an inverse, so that singular ones need no
 * rule: |difference|² then is about the square of the angle, in radians, that a turn makes, and at most 4. Their mean is
 * weighted and added, if both sides have them.
 *
 * Keypoints weigh by the product of their confidences. Computed in float64; inputs are borrowed.
 *
 * @returns `undefined` when no keypoint is known on both sides
 * @throws `MOTION` when keypoints are not finite, or differ in number or parts; `OPTION`; `SHAPE`
 * @see spec 4.4
 */
export function poseDistance(
  source: Keypoints,
  driving: Keypoints,
  { jacobianWeight = 1 / (2 * Math.PI) }: PoseOptions = {},
): number | undefined {
  if (!(jacobianWeight >= 0 && Number.isFinite(jacobianWeight))) {
    throw new BunrakuError(
      "OPTION",
      `poseDistance jacobianWeight: expected a number of at least 0, got ${jacobianWeight}.`,
    );
  }
  const [here, there] = [known(source, "poseDistance source"), known(driving, "poseDistance driving")];
  // Confidences may be known on one side only, and covariances do not matter.
  expectLayout(there, layoutOf(here, "poseDistance source"), "poseDistance driving");
  const count = source.points.dims[0];
  const weights = Float64Array.from(
    { length: count },
    (_, k) => (source.confidences?.data[k] ?? 1) * (driving.confidences?.data[k] ?? 1),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) return undefined;
  for (let k = 0; k < count; k++) weights[k]! /= total;

  const [a, b] = normalised(here.points.data, there.points.data, weights);
  let distance = meanSquare(a, b, 2, weights);
  if (here.jacobians && there.jacobians && jacobianWeight > 0) {
    const [p, q] = [unit(here.jacobians.data), unit(there.jacobians.data)];
    distance += jacobianWeight * meanSquare(p, q, 4, weights);
  }
  return distance;
}

/** The parts that make up a pose; confidences are checked and left out. */
function known(keypoints: Keypoints, what: string): Keypoints {
  layoutOf(keypoints, what);
  const { points, jacobians } = keypoints;
  return { points, ...(jacobians && { jacobians }) };
}

function normalised(
  here: Float32Array,
  there: Float32Array,
  weights: Float64Array,
): readonly [Float64Array, Float64Array] {
  const [a, b] = [centred(here, weights), centred(there, weights)];
  const scales = [a, b].map((points) => hullArea(counting(points, weights)));
  if (scales.every((area) => area >= smallestHull)) {
    return [divided(a, Math.sqrt(scales[0]!)), divided(b, Math.sqrt(scales[1]!))];
  }
  const spreads = [a, b].map((points) => meanSquare(points, new Float64Array(points.length), 2, weights));
  if (spreads.every((spread) => 2 * Math.PI * spread >= smallestHull)) {
    return [divided(a, Math.sqrt(2 * Math.PI * spreads[0]!)), divided(b, Math.sqrt(2 * Math.PI * spreads[1]!))];
  }
  return [a, b];
}

/** The points, their weighted mean taken off. */
export function centred(points: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const out = Float64Array.from(points);
  for (let axis = 0; axis < 2; axis++) {
    let mean = 0;
    for (let k = 0; k < weights.length; k++) mean += weights[k]! * points[2 * k + axis]!;
    for (let k = 0; k < weights.length; k++) out[2 * k + axis]! -= mean;
  }
  return out;
}

/** The points that have a weight. */
function counting(points: Float64Array, weights: Float64Array): Tensor<"float32"> {
  const kept: number[] = [];
  for (let k = 0; k < weights.length; k++) if (weights[k]! > 0) kept.push(points[2 * k]!, points[2 * k + 1]!);
  return tensor("float32", Float32Array.from(kept), [kept.length / 2, 2]);
}

function divided(values: Float64Array, by: number): Float64Array {
  return values.map((value) => value / by);
}

/** Each jacobian over its Frobenius norm; one of zeros stays so. */
function unit(jacobians: Float32Array): Float64Array {
  const out = Float64Array.from(jacobians);
  for (let at = 0; at < out.length; at += 4) {
    const norm = Math.hypot(out[at]!, out[at + 1]!, out[at + 2]!, out[at + 3]!);
    if (norm > 0) for (let i = at; i < at + 4; i++) out[i]! /= norm;
  }
  return out;
}

function meanSquare(a: Float64Array, b: Float64Array, size: number, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += weights[Math.floor(i / size)]! * (a[i]! - b[i]!) ** 2;
  return sum;
}
