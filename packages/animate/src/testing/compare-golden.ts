import { type Tensor, tensor } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import type { RenderedFrame } from "../models/model.ts";
import type { GoldenField, GoldenKeypoints, GoldenMode } from "./golden-file.ts";

/** Takes the largest difference of a field, as far as it is known. */
export type Note = (field: GoldenField, error: number) => void;

export function compareKeypoints(note: Note, got: Keypoints, wanted: GoldenKeypoints): void {
  note("keypoints", maxAbsError(got.points.data, wanted.value ?? wanted.mean ?? []));
  if (wanted.jacobian) note("jacobians", maxAbsError(got.jacobians?.data ?? [], wanted.jacobian));
  if (wanted.var) note("covariances", relativeError(got.covariances?.data ?? [], wanted.var, got.points.dims[0]));
}

export function compareMaps(note: Note, frame: RenderedFrame, wanted: GoldenMode): void {
  const motionPoints = wanted.mask_points_yx ?? [];
  if (wanted.mask) note("masks", atPoints(frame.masks, motionPoints, wanted.mask));
  if (wanted.deformation) {
    const flow = wanted.deformation.map((coordinates) => coordinates.slice(0, 2)); // Monkey-Net's third is depth, 0
    note("flow", atPoints(frame.flow && planes(frame.flow), wanted.deformation_points_yx ?? motionPoints, flow));
  }
  if (wanted.occlusion) note("occlusion", atPoints(frame.occlusion, motionPoints, wanted.occlusion));
  if (wanted.sparse_deformed_k0_k1)
    note("sparseDeformed", atPoints(firstTwo(frame.sparseDeformed), motionPoints, wanted.sparse_deformed_k0_k1));
  if (wanted.deformed) note("deformed", atPoints(frame.deformed, wanted.points_yx, wanted.deformed));
  const { prediction } = frame;
  note("prediction", atPoints(prediction, wanted.points_yx, wanted.prediction));
  if (!prediction) return;
  if (wanted.prediction_f32_b64) note("prediction", maxAbsError(prediction.data, floatsOf(wanted.prediction_f32_b64)));
  const { mean, deviation } = moments(prediction.data);
  if (wanted.prediction_mean) note("prediction", Math.abs(mean - wanted.prediction_mean[0]!));
  if (wanted.prediction_std) note("prediction", Math.abs(deviation - wanted.prediction_std[0]!));
}

/** The largest difference at listed (y, x) of the channels of `[1, C, H, W]`; infinite when there is nothing to compare. */
function atPoints(
  map: Tensor<"float32"> | undefined,
  points: readonly (readonly [number, number])[],
  wanted: readonly (readonly number[])[],
): number {
  if (!map || points.length === 0 || points.length !== wanted.length) return Number.POSITIVE_INFINITY;
  const [, channels, height, width] = map.dims as readonly [number, number, number, number];
  let largest = 0;
  for (const [i, [y, x]] of points.entries()) {
    const got = Array.from({ length: channels }, (_, c) => map.data[(c * height + y) * width + x]!);
    largest = worst(largest, maxAbsError(got, wanted[i]!));
  }
  return largest;
}

/** `[1, H, W, 2]` → `[1, 2, H, W]` */
function planes(flow: Tensor<"float32">): Tensor<"float32"> {
  const [, height, width] = flow.dims as readonly [number, number, number, number];
  const data = Float32Array.from(
    { length: 2 * height * width },
    (_, i) => flow.data[2 * (i % (height * width)) + Math.floor(i / (height * width))]!,
  );
  return tensor("float32", data, [1, 2, height, width]);
}

/** `[K + 1, 3, H, W]` → `[1, 6, H, W]`: the background and the first keypoint. */
function firstTwo(deformed: Tensor<"float32"> | undefined): Tensor<"float32"> | undefined {
  if (!deformed) return undefined;
  const [, , height, width] = deformed.dims as readonly [number, number, number, number];
  return tensor("float32", deformed.data.slice(0, 6 * height * width), [1, 6, height, width]);
}

function maxAbsError(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (got.length !== wanted.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < got.length; i++) largest = worst(largest, Math.abs(got[i]! - wanted[i]!));
  return largest;
}

/** The largest difference of a matrix, as a share of its largest entry: covariances are of all sizes. */
function relativeError(got: ArrayLike<number>, wanted: readonly number[], count: number): number {
  if (got.length !== wanted.length) return Number.POSITIVE_INFINITY;
  const size = wanted.length / count;
  let largest = 0;
  for (let k = 0; k < count; k++) {
    const matrix = wanted.slice(k * size, (k + 1) * size);
    const error = maxAbsError(
      Array.from(matrix, (_, i) => got[k * size + i]!),
      matrix,
    );
    largest = worst(largest, error / Math.max(...matrix.map(Math.abs)));
  }
  return largest;
}

/** The larger error; not-a-number counts as infinite. */
export function worst(a: number, b: number): number {
  return Number.isNaN(b) ? Number.POSITIVE_INFINITY : Math.max(a, b);
}

function floatsOf(base64: string): Float32Array {
  const text = atob(base64);
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

function moments(data: Float32Array): { mean: number; deviation: number } {
  let sum = 0;
  for (const value of data) sum += value;
  const mean = sum / data.length;
  let squares = 0;
  for (const value of data) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / data.length) };
}
