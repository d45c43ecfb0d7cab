import { type Tensor, tensor } from "../contract/tensor.ts";
import { encodeModel } from "../onnx/encode-model.ts";
import { GraphBuilder, type Value } from "../onnx/graph-builder.ts";

/** A tiny graph from `x` to `y`, what to feed it, and what comes out by arithmetic that fits in a head. */
export interface KnownGraph {
  readonly name: string;
  readonly model: Uint8Array;
  readonly feed: Tensor<"float32">;
  readonly answer: Tensor<"float32">;
}

/** Elements, row-major, and dims. */
type Numbers = readonly [elements: readonly number[], dims: readonly number[]];

/** Writes a graph with one input and one output, and keeps its answer beside it. */
export function known(
  name: string,
  [feed, feedDims]: Numbers,
  [answer, answerDims]: Numbers,
  build: (g: GraphBuilder, x: Value) => Value,
): KnownGraph {
  const g = new GraphBuilder(name);
  g.output(build(g, g.input("x", feedDims)), "y");
  return {
    name,
    model: encodeModel(g.build()),
    feed: tensor("float32", Float32Array.from(feed), feedDims),
    answer: tensor("float32", Float32Array.from(answer), answerDims),
  };
}

/** Whole numbers from `first` to `last`. */
export function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
