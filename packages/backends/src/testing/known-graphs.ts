import { type Tensor, tensor } from "../contract/tensor.ts";
import { encodeModel } from "../onnx/encode-model.ts";
import { float } from "../onnx/graph.ts";
import { GraphBuilder, type Value } from "../onnx/graph-builder.ts";

/** A tiny graph, what to feed it, and what comes out by arithmetic that fits in a head. */
export interface KnownGraph {
  readonly name: string;
  readonly model: Uint8Array;
  readonly feed: Tensor<"float32">;
  readonly answer: Tensor<"float32">;
}

function known(
  name: string,
  [feed, feedDims]: readonly [readonly number[], readonly number[]],
  [answer, answerDims]: readonly [readonly number[], readonly number[]],
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

const oneToNine = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The graphs every backend must get right. */
export function knownGraphs(): KnownGraph[] {
  return [
    known(
      "conv, batch normalization, relu",
      [oneToNine, [1, 1, 3, 3]],
      [
        [0, 2, 0, 8, 26, 14, 5, 20, 9],
        [1, 1, 3, 3],
      ],
      (g, x) => {
        const ones = g.floats(new Array(9).fill(1), [1, 1, 3, 3]);
        const sums = g.node("Conv", [x, ones], x.dims, { pads: [1, 1, 1, 1] }); // 12 21 16, 27 45 33, 24 39 28
        const statistics = [2, 1, 20, 3].map((value) => g.floats([value])); // scale, bias, mean, variance
        // 2 * (sum - 20) / sqrt(3 + 1) + 1
        const normal = g.node("BatchNormalization", [sums, ...statistics], x.dims, { epsilon: float(1) });
        return g.node("Relu", [normal], x.dims);
      },
    ),
    known(
      "resize nearest",
      [
        [1, 2, 3, 4],
        [1, 1, 2, 2],
      ],
      [
        [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4],
        [1, 1, 4, 4],
      ],
      (g, x) =>
        g.node("Resize", [x, undefined, g.floats([1, 1, 2, 2])], [1, 1, 4, 4], {
          mode: "nearest",
          coordinate_transformation_mode: "asymmetric",
          nearest_mode: "floor",
        }),
    ),
    known(
      "resize linear",
      [
        [0, 1, 0, 1],
        [1, 1, 2, 2],
      ],
      [
        [0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1],
        [1, 1, 2, 4],
      ],
      (g, x) =>
        g.node("Resize", [x, undefined, undefined, g.ints([1, 1, 2, 4])], [1, 1, 2, 4], {
          mode: "linear",
          coordinate_transformation_mode: "half_pixel",
        }),
    ),
    known("average pool", [oneToNine, [1, 1, 3, 3]], [[3], [1, 1, 1, 1]], (g, x) =>
      g.node("AveragePool", [x], [1, 1, 1, 1], { kernel_shape: [2, 2], strides: [2, 2] }),
    ),
    known(
      "softmax",
      [
        [0, Math.log(2), Math.log(5)],
        [1, 3],
      ],
      [
        [1 / 8, 2 / 8, 5 / 8],
        [1, 3],
      ],
      (g, x) => g.node("Softmax", [x], [1, 3], { axis: -1 }),
    ),
    known(
      "matrix product",
      [
        [1, 2, 3, 4],
        [2, 2],
      ],
      [
        [19, 22, 43, 50],
        [2, 2],
      ],
      (g, x) => g.node("MatMul", [x, g.floats([5, 6, 7, 8], [2, 2])], [2, 2]),
    ),
    known(
      "gather, concat, slice",
      [
        [1, 2, 3, 4, 5, 6],
        [2, 3],
      ],
      [
        [1, 2, 4, 5],
        [2, 2],
      ],
      (g, x) => {
        const picked = g.node("Gather", [x, g.ints([2, 0])], [2, 2], { axis: 1 }); // 3 1, 6 4
        const joined = g.node("Concat", [picked, x], [2, 5], { axis: 1 }); // 3 1 1 2 3, 6 4 4 5 6
        return g.node("Slice", [joined, ...[1, 5, 1, 2].map((value) => g.ints([value]))], [2, 2]);
      },
    ),
    known(
      "a chain of small steps",
      [
        [1, -2, 3, -4],
        [2, 2],
      ],
      [[-2.5], [1]],
      (g, x) => {
        const turned = g.node("Transpose", [x], [2, 2], { perm: [1, 0] }); // 1 3, -2 -4
        const doubled = g.node("Mul", [turned, g.floats([2], [1])], [2, 2]); // 2 6, -4 -8
        const means = g.node("ReduceMean", [doubled], [2], { axes: [1], keepdims: 0 }); // 4, -6
        const clipped = g.node("LeakyRelu", [means], [2], { alpha: float(0.5) }); // 4, -3
        const sum = g.node("ReduceSum", [clipped, g.ints([0])], [1], { keepdims: 1 }); // 1
        return g.node("Sub", [sum, g.floats([3.5], [1])], [1]);
      },
    ),
  ];
}

/** GridSample as FOMM uses it: corners, centre, and a place outside that reads zero. */
export function gridSampleGraphs(): KnownGraph[] {
  const sampled = (alignCorners: 0 | 1, answer: readonly number[]) =>
    known(
      `grid sample, align_corners ${alignCorners}`,
      [
        [1, 2, 3, 4],
        [1, 1, 2, 2],
      ],
      [answer, [1, 1, 1, 4]],
      (g, x) => {
        const grid = g.floats([-1, -1, 0, 0, 1, 1, 3, 0], [1, 1, 4, 2]);
        const attributes = { mode: "bilinear", padding_mode: "zeros", align_corners: alignCorners };
        return g.node("GridSample", [x, grid], [1, 1, 1, 4], attributes);
      },
    );
  return [sampled(1, [1, 2.5, 4, 0]), sampled(0, [0.25, 2.5, 1, 0])];
}

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
