import type { Weights } from "@bunraku/backends";
import { weightOf } from "@bunraku/backends/layers";
import { type Graph, GraphBuilder, type Value } from "@bunraku/backends/onnx";
import { type MotionPredictorConfig, motionPredictorSpecs, predictorInputs } from "./predictor-config.ts";

/** `MotionSequence` inside a graph. */
export interface MotionValues {
  /** `[D, K, 2]` */
  readonly points: Value;
  /** `[D, K, 2, 2]` */
  readonly covariances?: Value;
}

/**
 * `MotionPredictor.run` as a piece of a graph, unrolled over its frames: runtimes without an operator GRU (WebGPU) run it,
 * too, and all frames' inputs are one product.
 *
 * @throws `MODEL`, `OPTION`
 * @see spec 1M.6
 */
export function motionPredictorOnnx(
  g: GraphBuilder,
  { points, covariances }: MotionValues,
  weights: Weights,
  config: MotionPredictorConfig,
): MotionValues {
  const [inputWeight, stateWeight, inputBias, stateBias, outWeight, outBias] = motionPredictorSpecs(config).map(
    ({ name, dims }) => g.constant(weightOf(weights, name, dims), name),
  ) as [Value, Value, Value, Value, Value, Value];
  const { numKeypoints: keypoints, numFeatures: features } = config;
  const frames = points.dims[0]!;
  const inputs = predictorInputs(config);

  const flat = [points, ...(covariances ? [covariances] : [])].map((value) => {
    const dims = [frames, value.dims.slice(1).reduce((size, dim) => size * dim, 1)];
    return g.node("Reshape", [value, g.ints(dims)], dims);
  });
  const input = flat.length > 1 ? g.node("Concat", flat, [frames, inputs], { axis: 1 }) : flat[0]!;
  const fromInput = linear(g, input, inputWeight, inputBias);

  const stateTransposed = transposed(g, stateWeight);
  const one = g.floats([1], [1, 1]);
  const states: Value[] = [];
  let state: Value = g.floats(new Float32Array(features), [1, features]);
  for (let frame = 0; frame < frames; frame++) {
    const fromState = g.node(
      "Add",
      [g.node("MatMul", [state, stateTransposed], [1, 3 * features]), stateBias],
      [1, 3 * features],
    );
    const gate = (from: Value, row: number, index: number) =>
      g.node(
        "Slice",
        [from, g.ints([row, index * features]), g.ints([row + 1, (index + 1) * features]), g.ints([0, 1])],
        [1, features],
      );
    const both = (op: "Add" | "Mul" | "Sub", a: Value, b: Value) => g.node(op, [a, b], [1, features]);
    const sigmoidOf = (index: number) =>
      g.node("Sigmoid", [both("Add", gate(fromInput, frame, index), gate(fromState, 0, index))], [1, features]);
    const reset = sigmoidOf(0);
    const update = sigmoidOf(1);
    const fresh = g.node(
      "Tanh",
      [both("Add", gate(fromInput, frame, 2), both("Mul", reset, gate(fromState, 0, 2)))],
      [1, features],
    );
    state = both("Add", both("Mul", both("Sub", one, update), fresh), both("Mul", update, state));
    states.push(state);
  }
  const all = states.length > 1 ? g.node("Concat", states, [frames, features], { axis: 0 }) : states[0]!;

  const perKeypoint = inputs / keypoints;
  const out = linear(g, all, outWeight, outBias);
  const views = g.node("Reshape", [out, g.ints([frames, keypoints, perKeypoint])], [frames, keypoints, perKeypoint]);
  const part = (start: number, end: number) =>
    g.node("Slice", [views, g.ints([start]), g.ints([end]), g.ints([2])], [frames, keypoints, end - start]);
  const means = g.node("Tanh", [part(0, 2)], [frames, keypoints, 2]);
  if (!covariances) return { points: means };
  const dims = [frames, keypoints, 2, 2];
  const roots = g.node("Reshape", [part(2, 6), g.ints(dims)], dims);
  const turned = g.node("Transpose", [roots], dims, { perm: [0, 1, 3, 2] });
  return { points: means, covariances: g.node("MatMul", [turned, roots], dims) };
}

/** The predictor as a graph of its own: `points`, `covariances` (if the model has them), both in and out. */
export function motionPredictorGraph(config: MotionPredictorConfig, weights: Weights, frames: number): Graph {
  const g = new GraphBuilder("motion_predictor");
  const points = g.input("points", [frames, config.numKeypoints, 2]);
  const covariances =
    (config.covariances ?? true) ? g.input("covariances", [frames, config.numKeypoints, 2, 2]) : undefined;
  const predicted = motionPredictorOnnx(g, { points, ...(covariances && { covariances }) }, weights, config);
  g.output(predicted.points, "predicted_points");
  if (predicted.covariances) g.output(predicted.covariances, "predicted_covariances");
  return g.build();
}

/** x · Wᵀ + b, for rows x. */
function linear(g: GraphBuilder, input: Value, weight: Value, bias: Value): Value {
  const dims = [input.dims[0]!, weight.dims[0]!];
  return g.node("Add", [g.node("MatMul", [input, transposed(g, weight)], dims), bias], dims);
}

function transposed(g: GraphBuilder, weight: Value): Value {
  return g.node("Transpose", [weight], [weight.dims[1]!, weight.dims[0]!], { perm: [1, 0] });
}
