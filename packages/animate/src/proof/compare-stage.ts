import type { BackendReport } from "@bunraku/backends";
import type { Finding } from "@bunraku/backends/proof";
import type { StageNumbers } from "./stage-numbers.ts";

type Precision = BackendReport["precision"];

/**
 * What each field may differ by.
 *
 * In single precision ten times what float32 forms differ by on a CPU (`cpuTolerances` of `testing/golden.ts`; points
 * five times): GPUs add up in another order, and their exponentials have fewer digits. In half precision twenty times
 * what rounding the inputs and outputs of every convolution does (points five times; a test shows it): sums may be held
 * in it, too. Covariances are compared relative to the largest, for they are of all sizes; `features` stands for maps of
 * features, which are larger than 1.
 */
const tolerances: Readonly<Record<Precision, Readonly<Record<string, number>> & { readonly features: number }>> = {
  float32: {
    points: 1e-4,
    jacobians: 1e-3,
    covariances: 1e-2,
    features: 1e-3,
    flow: 1e-3,
    masks: 1e-4,
    occlusion: 1e-4,
    prediction: 5e-4,
  },
  float16: {
    points: 2e-2,
    jacobians: 1.5e-2,
    covariances: 1e-1,
    features: 1.5e-2,
    flow: 3e-3,
    masks: 5e-3,
    occlusion: 2e-3,
    prediction: 5e-3,
  },
};

export function toleranceOf(field: string, precision: Precision): number {
  return tolerances[precision][field] ?? tolerances[precision].features;
}

/**
 * How far a stage's numbers are from the stored ones: the field that is worst for its tolerance.
 *
 * `problem` names all fields that differ by too much, with their figures.
 */
export function compareStage(got: StageNumbers, wanted: StageNumbers, precision: Precision): Finding {
  let worst: Finding = { maxAbsError: 0, tolerance: toleranceOf(Object.keys(wanted)[0] ?? "", precision) };
  const wrong: string[] = [];
  for (const [field, numbers] of Object.entries(wanted)) {
    const tolerance = toleranceOf(field, precision);
    const maxAbsError = differenceOf(got[field] ?? [], numbers) / (field === "covariances" ? largestOf(numbers) : 1);
    if (!(maxAbsError <= tolerance)) wrong.push(`${field} by ${maxAbsError.toPrecision(2)} (allowed: ${tolerance})`);
    if (!(maxAbsError / tolerance <= worst.maxAbsError / worst.tolerance)) worst = { maxAbsError, tolerance };
  }
  return wrong.length === 0 ? worst : { ...worst, problem: `differs in ${wrong.join(", ")}` };
}

/** The largest difference; NaN where one is no number, or some are missing. */
function differenceOf(got: readonly number[], wanted: readonly number[]): number {
  if (got.length !== wanted.length) return Number.NaN;
  return wanted.reduce((largest, value, i) => Math.max(largest, Math.abs(value - got[i]!)), 0);
}

function largestOf(numbers: readonly number[]): number {
  return numbers.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}
