import { type Backend, type Tensor, tensor } from "@bunraku/backends";
import { encodeModel } from "@bunraku/backends/onnx";
import { compareTensors } from "@bunraku/backends/testing";
import { createMotionPredictor, type MotionPredictorConfig } from "@bunraku/motion";
import { motionPredictorGraph } from "@bunraku/motion/onnx";

/** The fixture of Monkey-Net's parts that no model file holds (spec, appendix G): numbers of the original PyTorch code. */
export interface MiscMonkey {
  readonly predictor: {
    readonly param_shapes: Readonly<Record<string, readonly number[]>>;
    readonly params: Readonly<Record<string, readonly number[]>>;
    /** `[D, K, 2]`; frames to be predicted are zeros. */
    readonly in_mean: readonly number[];
    /** `[D, K, 2, 2]` */
    readonly in_var: readonly number[];
    readonly out_mean: readonly number[];
    readonly out_var: readonly number[];
  };
}

/** What was compared, in the shape of `GoldenRow`. */
export interface MiscMonkeyRow {
  readonly mode: "predictor" | "predictor_graph";
  readonly field: "keypoints" | "covariances";
  readonly maxAbsError: number;
  readonly tolerance: number;
  readonly pass: boolean;
}

export function isMiscMonkey(golden: object): golden is MiscMonkey {
  return "predictor" in golden;
}

/** What such a file holds and this runner does not compare: the discriminator, which only training needs. */
export function monkeyPartsNotRun(golden: object): string[] {
  return Object.keys(golden).filter((part) => part !== "predictor");
}

/** Nine digits in the fixture, and a few dozen terms in each sum. */
const tolerance = 1e-5;

/** The motion predictor: its definition in TypeScript, and its graph on the backend. */
export async function* runMiscMonkey(backend: Backend, { predictor }: MiscMonkey): AsyncGenerator<MiscMonkeyRow> {
  const weights = new Map(
    Object.entries(predictor.params).map(([name, values]) => [
      name,
      floats(values, predictor.param_shapes[name] ?? []),
    ]),
  );
  const [inputs = 0, features = 0] = predictor.param_shapes["linear.weight"] ?? [];
  const config: MotionPredictorConfig = { numKeypoints: inputs / 6, numFeatures: features };
  const frames = predictor.in_mean.length / (2 * config.numKeypoints);
  const points = [frames, config.numKeypoints, 2];
  const covariances = [frames, config.numKeypoints, 2, 2];
  const given = { points: floats(predictor.in_mean, points), covariances: floats(predictor.in_var, covariances) };
  const wanted = { points: floats(predictor.out_mean, points), covariances: floats(predictor.out_var, covariances) };

  const defined = createMotionPredictor(config, weights).run(given);
  yield row("predictor", "keypoints", defined.points, wanted.points);
  yield row("predictor", "covariances", defined.covariances, wanted.covariances);

  await using session = await backend.load(encodeModel(motionPredictorGraph(config, weights, frames)));
  const { predicted_points, predicted_covariances } = await session.run(given);
  yield row("predictor_graph", "keypoints", predicted_points as Tensor<"float32">, wanted.points);
  yield row("predictor_graph", "covariances", predicted_covariances as Tensor<"float32">, wanted.covariances);
}

function row(
  mode: MiscMonkeyRow["mode"],
  field: MiscMonkeyRow["field"],
  got: Tensor<"float32"> | undefined,
  wanted: Tensor<"float32">,
): MiscMonkeyRow {
  const maxAbsError = got ? compareTensors(got, wanted).maxAbsError : Number.POSITIVE_INFINITY;
  return { mode, field, maxAbsError, tolerance, pass: maxAbsError <= tolerance };
}

function floats(values: readonly number[], dims: readonly number[]): Tensor<"float32"> {
  return tensor("float32", Float32Array.from(values), dims);
}
