import { type Backend, BunrakuError } from "@bunraku/backends";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import type { Family } from "@bunraku/checkpoints";
import type { Keypoints } from "@bunraku/keypoints";
import type { TransferOptions } from "@bunraku/motion";
import type { Size } from "@bunraku/warp";
import { architectureOf } from "../models/architecture.ts";
import { createModel } from "../models/create-model.ts";
import type { RenderedFrame } from "../models/model.ts";
import { proceduralModelWeights } from "../proof/procedural-model-weights.ts";
import { compareKeypoints, compareMaps, type Note, worst } from "./compare-golden.ts";
import { frameOf, type GoldenField, type GoldenFile, type GoldenMode } from "./golden-file.ts";

/** The largest difference a field may have. */
export type Tolerances = Readonly<Record<GoldenField, number>>;

/** Tolerances of float32 forms on a CPU: the one table that conformance and tests read. */
export const cpuTolerances: Tolerances = {
  keypoints: 2e-5,
  jacobians: 1e-4,
  covariances: 1e-3, // relative; clipping loses digits, upstream's too (spec, appendix G)
  masks: 1e-5,
  flow: 1e-4,
  occlusion: 1e-5,
  sparseDeformed: 1e-4,
  deformed: 1e-4,
  prediction: 5e-5,
};

/** Tolerances of float32 forms on a GPU: other orders of sums, and exponentials with fewer digits. */
export const gpuTolerances: Tolerances = {
  keypoints: 1e-4,
  jacobians: 1e-3,
  covariances: 1e-2,
  masks: 1e-4,
  flow: 1e-3,
  occlusion: 1e-4,
  sparseDeformed: 1e-3,
  deformed: 1e-3,
  prediction: 5e-4,
};

export interface GoldenRow {
  readonly mode: string;
  readonly field: GoldenField;
  readonly maxAbsError: number;
  readonly tolerance: number;
  readonly pass: boolean;
}

/** How upstream's modes are said here, by family. */
const movements: Readonly<Record<Family, Readonly<Record<string, TransferOptions>>>> = {
  fomm: {
    abs: { movement: "absolute" },
    rel: { movement: "relative" },
    rel_adapt: { movement: "relative", adaptScale: true },
  },
  "monkey-net": {
    abs: { movement: "absolute" },
    rel: { movement: "relative" },
    rel_mult_clip: { movement: "relative", adaptScale: true, keepInside: true },
    rel_var: { movement: "relative", adaptCovariances: true },
  },
};

/** Adapting covariances is ill-conditioned, and its error reaches the picture (spec 4.7, appendix G). */
const tolerancesOfMode: Readonly<Record<string, Partial<Tolerances>>> = {
  rel_var: { covariances: 5e-3, prediction: 1e-4 },
};

/**
 * Runs a golden fixture on a backend, mode by mode, and compares every field it holds.
 *
 * Modes are `abs`, `rel` and `rel_adapt` of first-order models, `abs`, `rel`, `rel_mult_clip` and `rel_var` of
 * Monkey-Net, each with corners aligned (`_ac1`) and not (`_ac0`).
 *
 * @throws `MODEL` when the file is not a fixture of a model
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
  const family = "value" in golden.kp_source ? "fomm" : "monkey-net";
  const architecture = architectureOf(family, golden.config);
  const size = sizeOf(golden);
  const weights = proceduralModelWeights(architecture);
  const images = [0, 1, 2].map((index) => proceduralImage(size, index));
  for (const alignCorners of [true, false]) {
    const modes = Object.keys(golden).filter((key) => key.endsWith(alignCorners ? "_ac1" : "_ac0"));
    if (modes.length === 0) continue;
    await using model = await createModel(backend, architecture, weights, { size, alignCorners, withDeformed: true });
    using source = await model.encode(images[0]!);
    const initial = await model.detect(images[1]!);
    const driving = await model.detect(images[2]!);
    for (const mode of modes) {
      const name = mode.slice(0, -4);
      const movement = movements[family][name];
      if (!movement) {
        const known = Object.keys(movements[family]).join(", ");
        throw new BunrakuError("MODEL", `fixture: mode must be ${known} with _ac0 or _ac1, got ${mode}.`);
      }
      const outputs = ["prediction", "flow", "masks", "occlusion", "sparseDeformed", "deformed"] as const;
      const frame = await model.render(source, driving, initial, { ...movement, outputs });
      const errors = new Map<GoldenField, number>();
      const note = (field: GoldenField, error: number) => errors.set(field, worst(errors.get(field) ?? 0, error));
      compare(note, golden, golden[mode] as GoldenMode, { source: source.keypoints, initial, driving, frame });
      for (const [field, maxAbsError] of errors) {
        const tolerance = Math.max(tolerances[field], tolerancesOfMode[name]?.[field] ?? 0);
        yield { mode, field, maxAbsError, tolerance, pass: maxAbsError <= tolerance };
      }
    }
  }
}

interface Got {
  readonly source: Keypoints;
  readonly initial: Keypoints;
  readonly driving: Keypoints;
  readonly frame: RenderedFrame;
}

function compare(note: Note, golden: GoldenFile, wanted: GoldenMode, { source, initial, driving, frame }: Got): void {
  compareKeypoints(note, source, golden.kp_source);
  if (golden.kp_initial) {
    compareKeypoints(note, initial, golden.kp_initial);
    compareKeypoints(note, driving, golden.kp_driving);
    compareKeypoints(note, frame.keypoints, wanted.kp_norm);
  } else {
    compareKeypoints(note, initial, frameOf(golden.kp_driving, 0, 2));
    compareKeypoints(note, driving, frameOf(golden.kp_driving, 1, 2));
    compareKeypoints(note, frame.keypoints, frameOf(wanted.kp_norm, 1, 2));
  }
  compareMaps(note, frame, wanted);
}

function sizeOf({ size }: GoldenFile): Size {
  const [height, width] = typeof size === "number" ? [size, size] : size;
  if (height !== undefined && width !== undefined) return { height, width };
  throw new BunrakuError("MODEL", `fixture: size must be a number or [height, width], got ${JSON.stringify(size)}.`);
}
