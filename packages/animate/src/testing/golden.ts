import { type Backend, BunrakuError, type Tensor, tensor } from "@bunraku/backends";
import { proceduralImage, proceduralWeights } from "@bunraku/backends/testing/procedural";
import type { Keypoints } from "@bunraku/keypoints";
import { expectFommSize, fommTensorSpecs, parseFommConfig } from "../models/fomm/fomm-config.ts";
import { createFommModel } from "../models/fomm/fomm-model.ts";
import type { RenderedFrame } from "../models/model.ts";

/** A fixture in the golden format (spec, appendix G): numbers that the original PyTorch code gave. */
export interface GoldenFile {
  readonly config: unknown;
  readonly size: number | readonly [number, number];
  readonly kp_source: GoldenKeypoints;
  readonly kp_initial: GoldenKeypoints;
  readonly kp_driving: GoldenKeypoints;
  readonly [mode: string]: unknown;
}

interface GoldenKeypoints {
  readonly value: readonly number[];
  readonly jacobian?: readonly number[];
}

interface GoldenMode {
  readonly kp_norm: GoldenKeypoints;
  readonly mask?: readonly (readonly number[])[];
  readonly mask_points_yx?: readonly (readonly [number, number])[];
  readonly deformation?: readonly (readonly number[])[];
  readonly occlusion?: readonly (readonly number[])[];
  readonly sparse_deformed_k0_k1?: readonly (readonly number[])[];
  readonly prediction: readonly (readonly number[])[];
  readonly deformed?: readonly (readonly number[])[];
  readonly points_yx: readonly (readonly [number, number])[];
  readonly prediction_mean?: readonly number[];
  readonly prediction_std?: readonly number[];
  readonly prediction_f32_b64?: string;
}

export type GoldenField =
  | "keypoints"
  | "jacobians"
  | "masks"
  | "flow"
  | "occlusion"
  | "sparseDeformed"
  | "deformed"
  | "prediction";

/** The largest difference a field may have. */
export type Tolerances = Readonly<Record<GoldenField, number>>;

/** Tolerances of float32 forms on a CPU: the one table that conformance and tests read. */
export const cpuTolerances: Tolerances = {
  keypoints: 2e-5,
  jacobians: 1e-4,
  masks: 1e-5,
  flow: 1e-4,
  occlusion: 1e-5,
  sparseDeformed: 1e-4,
  deformed: 1e-4,
  prediction: 5e-5,
};

export interface GoldenRow {
  readonly mode: string;
  readonly field: GoldenField;
  readonly maxAbsError: number;
  readonly tolerance: number;
  readonly pass: boolean;
}

const movements: Record<string, { movement: "absolute" | "relative"; adaptScale: boolean }> = {
  abs: { movement: "absolute", adaptScale: false },
  rel: { movement: "relative", adaptScale: false },
  rel_adapt: { movement: "relative", adaptScale: true },
};

/**
 * Runs a golden fixture on a backend, mode by mode, and compares every field it holds.
 *
 * Modes are `abs`, `rel` and `rel_adapt`, each with corners aligned (`_ac1`) and not (`_ac0`).
 *
 * @throws `MODEL` when the file is not a fixture of a first-order model
 */
export async function* runGolden(
  backend: Backend,
  golden: GoldenFile,
  tolerances: Tolerances = cpuTolerances,
): AsyncGenerator<GoldenRow> {
  if (typeof golden.config !== "object" || golden.config === null || !golden.kp_source) {
    throw new BunrakuError(
      "MODEL",
      "fixture: it holds no model (config, kp_source and modes are wanted); nothing to run.",
    );
  }
  if (!("value" in golden.kp_source)) {
    throw new BunrakuError("UNSUPPORTED", "fixture: this is a Monkey-Net model; first-order models can be run.");
  }
  const config = parseFommConfig(golden.config);
  const [height, width] = typeof golden.size === "number" ? [golden.size, golden.size] : golden.size;
  if (height === undefined || width === undefined)
    throw new BunrakuError(
      "MODEL",
      `fixture: size must be a number or [height, width], got ${JSON.stringify(golden.size)}.`,
    );
  const size = { height, width };
  expectFommSize(config, size);
  const specs = fommTensorSpecs(config);
  const weights = {
    generator: proceduralWeights("generator", specs.generator),
    kp_detector: proceduralWeights("kp_detector", specs.kp_detector),
  };
  const images = [0, 1, 2].map((index) => proceduralImage(size, index));
  for (const alignCorners of [true, false]) {
    const modes = Object.keys(golden).filter((key) => key.endsWith(alignCorners ? "_ac1" : "_ac0"));
    if (modes.length === 0) continue;
    await using model = await createFommModel(backend, config, weights, { size, alignCorners, withDeformed: true });
    using source = await model.encode(images[0]!);
    const initial = await model.detect(images[1]!);
    const driving = await model.detect(images[2]!);
    for (const mode of modes) {
      const movement = movements[mode.slice(0, -4)];
      if (!movement)
        throw new BunrakuError(
          "MODEL",
          `fixture: mode must be ${Object.keys(movements).join(", ")} with _ac0 or _ac1, got ${mode}.`,
        );
      const outputs = ["prediction", "flow", "masks", "occlusion", "sparseDeformed", "deformed"] as const;
      const frame = await model.render(source, driving, initial, { ...movement, outputs });
      const wanted = golden[mode] as GoldenMode;
      const errors = new Map<GoldenField, number>();
      const note = (field: GoldenField, error: number) => errors.set(field, worst(errors.get(field) ?? 0, error));
      compareKeypoints(note, source.keypoints, golden.kp_source);
      compareKeypoints(note, initial, golden.kp_initial);
      compareKeypoints(note, driving, golden.kp_driving);
      compareKeypoints(note, frame.keypoints, wanted.kp_norm);
      compareMaps(note, frame, wanted);
      for (const [field, maxAbsError] of errors) {
        const tolerance = tolerances[field];
        yield { mode, field, maxAbsError, tolerance, pass: maxAbsError <= tolerance };
      }
    }
  }
}

type Note = (field: GoldenField, error: number) => void;

function compareKeypoints(note: Note, got: Keypoints, wanted: GoldenKeypoints): void {
  note("keypoints", maxAbsError(got.points.data, wanted.value));
  if (wanted.jacobian) note("jacobians", maxAbsError(got.jacobians?.data ?? [], wanted.jacobian));
}

function compareMaps(note: Note, frame: RenderedFrame, wanted: GoldenMode): void {
  const motionPoints = wanted.mask_points_yx ?? [];
  if (wanted.mask) note("masks", atPoints(frame.masks, motionPoints, wanted.mask));
  if (wanted.deformation) note("flow", atPoints(frame.flow && planes(frame.flow), motionPoints, wanted.deformation));
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

/** The larger error; not-a-number counts as infinite. */
function worst(a: number, b: number): number {
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
