import { float } from "../onnx/graph.ts";
import { type KnownGraph, known, upTo } from "./known-graph.ts";

/** Products, sums and functions of numbers: what keypoints, heatmaps and flow are made of. */
export function arithmeticGraphs(): KnownGraph[] {
  return [
    softmax("softmax", [1, 3], -1),
    softmax("softmax over channels", [1, 3, 1, 1], 1),
    ...matrixProducts(),
    elementwise("exp", "Exp", [0, Math.log(2), -Math.log(4)], [1, 2, 0.25]),
    elementwise("logarithm", "Log", [1, Math.E, 1 / Math.E], [0, 1, -1]),
    elementwise("sigmoid", "Sigmoid", [0, Math.log(3), -Math.log(3)], [0.5, 0.75, 0.25]),
    elementwise("tanh", "Tanh", [0, Math.log(2), -Math.log(3)], [0, 0.6, -0.8]),
    known("division by the larger", [[1, 2, 4], [3]], [[0.5, 1, 1], [3]], (g, x) =>
      g.node("Div", [x, g.node("Max", [x, g.floats([2])], [3])], [3]),
    ),
    known(
      "differences of all pairs",
      [
        [1, 2, 3, 4],
        [2, 2],
      ],
      [
        [0, 0, 2, 2, -10, -20, -8, -18],
        [2, 2, 2],
      ],
      (g, x) => {
        const points = g.floats([1, 2, 11, 22], [2, 2]);
        return g.node("Sub", [x, g.node("Reshape", [points, g.ints([2, 1, 2])], [2, 1, 2])], [2, 2, 2]);
      },
    ),
    known(
      "sums over rows and columns",
      [upTo(8), [1, 2, 2, 2]],
      [
        [10, 26],
        [1, 2, 1, 1],
      ],
      (g, x) => g.node("ReduceSum", [x, g.ints([2, 3])], [1, 2, 1, 1], { keepdims: 1 }),
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
        return g.node("Add", [sum, g.floats([-3.5], [1])], [1]);
      },
    ),
  ];
}

function softmax(name: string, dims: readonly number[], axis: number): KnownGraph {
  const feed = [0, Math.log(2), Math.log(5)];
  return known(name, [feed, dims], [[1 / 8, 2 / 8, 5 / 8], dims], (g, x) => g.node("Softmax", [x], dims, { axis }));
}

function elementwise(name: string, op: string, feed: readonly number[], answer: readonly number[]): KnownGraph {
  const dims = [feed.length];
  return known(name, [feed, dims], [answer, dims], (g, x) => g.node(op, [x], dims));
}

function matrixProducts(): KnownGraph[] {
  const product = (
    name: string,
    feed: Parameters<typeof known>[1],
    [factor, dims]: readonly [readonly number[], readonly number[]],
    answer: Parameters<typeof known>[2],
  ) => known(name, feed, answer, (g, x) => g.node("MatMul", [x, g.floats(factor, dims)], answer[1]));
  return [
    product("matrix product", [upTo(4), [2, 2]], [upTo(8, 5), [2, 2]], [[19, 22, 43, 50], [2, 2]]), // biome-ignore format: a line each
    product("matrix products of a batch", [upTo(4), [2, 1, 2]], [upTo(8), [2, 2, 2]], [[7, 10, 43, 50], [2, 1, 2]]), // biome-ignore format: a line each
    product("matrix products of one with many", [upTo(4), [1, 2, 2]], [[1, 0, 0, 1], [2, 2, 1]], [[1, 3, 2, 4], [2, 2, 1]]), // biome-ignore format: a line each
  ];
}
