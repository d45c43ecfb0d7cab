import { type Backend, BunrakuError } from "@bunraku/backends";
import { proceduralImage, proceduralWeights } from "@bunraku/backends/testing/procedural";
import { expectFommSize, fommTensorSpecs, parseFommConfig } from "../models/fomm/fomm-config.ts";
import { createFommModel } from "../models/fomm/fomm-model.ts";
import { compareKeypoints, compareMaps, worst } from "./compare-golden.ts";
import type { GoldenField, GoldenFile, GoldenMode } from "./golden-file.ts";

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
