import type { Weights } from "../contract/backend.ts";
import { float } from "../onnx/graph.ts";
import type { GraphBuilder, Value } from "../onnx/graph-builder.ts";
import { weightOf } from "./weight-of.ts";

/** Batch normalisation with running statistics, eps 1e-5 (spec, notation). Runtimes fold it into a convolution before it. */
export function batchNorm(g: GraphBuilder, x: Value, weights: Weights, name: string): Value {
  const channels = x.dims[1]!;
  const part = (leaf: string) => g.constant(weightOf(weights, `${name}.${leaf}`, [channels]), `${name}.${leaf}`);
  const parts = [part("weight"), part("bias"), part("running_mean"), part("running_var")];
  return g.node("BatchNormalization", [x, ...parts], x.dims, { epsilon: float(1e-5) });
}

export function relu(g: GraphBuilder, x: Value): Value {
  return g.node("Relu", [x], x.dims);
}
