import { readFileSync } from "node:fs";
import { type Tensor, tensor, type Weights } from "@bunraku/backends";
import type { MotionPredictorConfig } from "../predictor/predictor-config.ts";

interface GoldenPredictor {
  readonly param_shapes: Record<string, readonly number[]>;
  readonly params: Record<string, readonly number[]>;
  readonly in_mean: readonly number[];
  readonly in_var: readonly number[];
  readonly out_mean: readonly number[];
  readonly out_var: readonly number[];
}

/** Monkey-Net's predictor as PyTorch ran it: 4 keypoints, 5 frames of which one is given, 16 features. */
export function goldenPredictor() {
  const path = new URL("../../../../fixtures/golden/misc_monkey.json", import.meta.url);
  const { predictor } = JSON.parse(readFileSync(path, "utf8")) as { predictor: GoldenPredictor };
  const floats = (values: readonly number[], dims: readonly number[]): Tensor<"float32"> =>
    tensor("float32", Float32Array.from(values), dims);
  const weights: Weights = new Map(
    Object.entries(predictor.params).map(([name, values]) => [name, floats(values, predictor.param_shapes[name]!)]),
  );
  const config: MotionPredictorConfig = { numKeypoints: 4, numFeatures: 16 };
  return {
    config,
    weights,
    given: { points: floats(predictor.in_mean, [5, 4, 2]), covariances: floats(predictor.in_var, [5, 4, 2, 2]) },
    wanted: { points: floats(predictor.out_mean, [5, 4, 2]), covariances: floats(predictor.out_var, [5, 4, 2, 2]) },
  };
}
