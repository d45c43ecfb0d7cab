import { encodeModel } from "../onnx/encode-model.ts";
import { GraphBuilder, type Value } from "../onnx/graph-builder.ts";

// Graphs with known answers are what backends prove themselves with; tests need these, too.
export type { KnownGraph } from "../proof/known-graph.ts";
export { knownGraphs } from "../proof/known-graphs.ts";
export { gridSampleGraphs } from "../proof/sampling-graphs.ts";

/** Two inputs and two outputs: `sum = a + b`, `product = a * b`, each [2]. */
export function twoByTwoModel(): Uint8Array {
  const g = new GraphBuilder("two by two");
  const a = g.input("a", [2]);
  const b = g.input("b", [2]);
  g.output(g.node("Add", [a, b], [2]), "sum");
  g.output(g.node("Mul", [a, b], [2]), "product");
  return encodeModel(g.build());
}

/** Inputs of other types: `floats = bytes + longs` [3], from uint8 and int64. */
export function typesModel(): Uint8Array {
  const g = new GraphBuilder("types");
  const cast = (value: Value) => g.node("Cast", [value], [3], { to: 1 });
  g.output(g.node("Add", [cast(g.input("bytes", [3], "uint8")), cast(g.input("longs", [3], "int64"))], [3]), "floats");
  return encodeModel(g.build());
}

/** `y = x` [size, size] after `steps` matrix products with the identity: work that takes as long as wanted. */
export function laboriousModel(steps: number, size = 128): Uint8Array {
  const g = new GraphBuilder("laborious");
  const one = new Float32Array(size * size);
  for (let at = 0; at < size; at++) one[at * size + at] = 1;
  const identity = g.floats(one, [size, size]);
  let value = g.input("x", [size, size]);
  for (let step = 0; step < steps; step++) value = g.node("MatMul", [value, identity], value.dims);
  g.output(value, "y");
  return encodeModel(g.build());
}
