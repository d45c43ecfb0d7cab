import { describe, expect, test } from "vitest";
import { tensor } from "../../contract/tensor.ts";
import { float } from "../../onnx/graph.ts";
import { differenceFromOrt, floats, ints, type OperatorCase, wavy } from "../against-ort.ts";

// onnxruntime sums in float32 and in another order; 1e-5 is what that comes to at these sizes.
const tolerance = 1e-5;

const scalar = (value: number) => tensor("float32", Float32Array.of(value), []);
const bools = (...values: number[]) => tensor("bool", Uint8Array.from(values), [values.length]);
const positive = (dims: readonly number[]) =>
  tensor(
    "float32",
    wavy(dims).data.map((value) => Math.abs(value) + 0.1),
    dims,
  );
const image = wavy([2, 4, 7, 5]);

type Case = [name: string, given: OperatorCase];

const convolutions: Case[] = [
  [
    "3x3 with pads and bias",
    { op: "Conv", inputs: [image, wavy([3, 4, 3, 3], 2), wavy([3], 3)], attributes: { pads: [1, 1, 1, 1] } },
  ],
  ["7x7 without pads on the smallest picture", { op: "Conv", inputs: [wavy([1, 2, 7, 9]), wavy([1, 2, 7, 7], 2)] }],
  ["uneven pads", { op: "Conv", inputs: [image, wavy([2, 4, 3, 2], 2)], attributes: { pads: [0, 2, 1, 3] } }],
  [
    "strides",
    { op: "Conv", inputs: [image, wavy([2, 4, 3, 3], 2)], attributes: { strides: [2, 3], pads: [1, 1, 1, 1] } },
  ],
  [
    "dilations",
    { op: "Conv", inputs: [image, wavy([2, 4, 3, 2], 2)], attributes: { dilations: [2, 3], pads: [2, 1, 2, 1] } },
  ],
  ["two groups", { op: "Conv", inputs: [image, wavy([6, 2, 3, 3], 2)], attributes: { group: 2, pads: [1, 1, 1, 1] } }],
  ["depthwise", { op: "Conv", inputs: [image, wavy([4, 1, 5, 5], 2)], attributes: { group: 4, pads: [2, 2, 2, 2] } }],
  [
    "a kernel larger than the picture",
    { op: "Conv", inputs: [wavy([1, 2, 2, 2]), wavy([3, 2, 3, 3], 2)], attributes: { pads: [1, 1, 1, 1] } },
  ],
  [
    "one spatial axis",
    { op: "Conv", inputs: [wavy([1, 2, 9]), wavy([3, 2, 3], 2)], attributes: { pads: [2, 1], strides: [2] } },
  ],
  [
    "auto_pad SAME_UPPER",
    { op: "Conv", inputs: [image, wavy([2, 4, 4, 3], 2)], attributes: { auto_pad: "SAME_UPPER", strides: [2, 2] } },
  ],
  [
    "auto_pad SAME_LOWER",
    { op: "Conv", inputs: [image, wavy([2, 4, 4, 3], 2)], attributes: { auto_pad: "SAME_LOWER" } },
  ],
];

const pools: Case[] = [
  [
    "2x2 drops the odd row and column",
    { op: "AveragePool", inputs: [image], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
  ],
  [
    "pads do not count",
    { op: "AveragePool", inputs: [image], attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] } },
  ],
  [
    "pads count",
    {
      op: "AveragePool",
      inputs: [image],
      attributes: { kernel_shape: [3, 2], pads: [1, 0, 2, 1], count_include_pad: 1 },
    },
  ],
  ["ceil", { op: "AveragePool", inputs: [image], attributes: { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 } }],
  [
    "the largest",
    { op: "MaxPool", inputs: [image], attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] } },
  ],
  ["the largest, dilated", { op: "MaxPool", inputs: [image], attributes: { kernel_shape: [2, 2], dilations: [3, 2] } }],
  [
    "the largest, ceil",
    { op: "MaxPool", inputs: [image], attributes: { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 } },
  ],
];

// Windows that hang over the padding: what counts is the kernel's cells on the picture and its padding.
for (const [size, pads] of [
  [5, 0],
  [5, 1],
  [6, 1],
  [8, 1],
] as const) {
  pools.push([
    `pads count, ceil, ${size} cells padded by ${pads}`,
    {
      op: "AveragePool",
      inputs: [wavy([1, 1, size, size])],
      attributes: {
        kernel_shape: [3, 3],
        strides: [2, 2],
        pads: [pads, pads, pads, pads],
        ceil_mode: 1,
        count_include_pad: 1,
      },
    },
  ]);
}

pools.push([
  "ceil, but no window that begins in the padding after the picture",
  {
    op: "MaxPool",
    inputs: [wavy([1, 1, 4, 4])],
    attributes: { kernel_shape: [2, 2], strides: [3, 3], pads: [1, 1, 1, 1], ceil_mode: 1 },
  },
]);

const resizes: Case[] = [
  ["asymmetric", "floor"],
  ["half_pixel", "round_prefer_floor"],
  ["half_pixel", "ceil"],
  ["align_corners", "round_prefer_ceil"],
  ["pytorch_half_pixel", "floor"],
].flatMap(([mode, nearest]) => [
  ...[
    [1, 1, 2, 2],
    [1, 1, 0.5, 0.6],
    [1, 1, 1.7, 1.3],
  ].map((scales): Case => {
    const attributes = { mode: "nearest", coordinate_transformation_mode: mode!, nearest_mode: nearest! };
    return [
      `nearest ${mode} ${nearest} by ${scales}`,
      { op: "Resize", inputs: [image, undefined, floats(...scales)], attributes },
    ];
  }),
  ...[
    [2, 4, 14, 10],
    [2, 4, 3, 4],
    [2, 4, 9, 1],
    [2, 4, 7, 5],
  ].map((sizes): Case => {
    const attributes = { mode: "nearest", coordinate_transformation_mode: mode!, nearest_mode: nearest! };
    return [
      `nearest ${mode} ${nearest} to ${sizes}`,
      { op: "Resize", inputs: [image, undefined, undefined, ints(...sizes)], attributes },
    ];
  }),
]);

resizes.push([
  "nearest from 14 to 2, where onnxruntime's float32 scale reads cell 6 and not 7",
  {
    op: "Resize",
    inputs: [wavy([1, 1, 1, 14]), undefined, undefined, ints(1, 1, 1, 2)],
    attributes: { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" },
  },
]);

const linearResizes: Case[] = ["half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"].flatMap((mode) => {
  const attributes = { mode: "linear", coordinate_transformation_mode: mode };
  return [
    ...[
      [1, 1, 2, 2],
      [1, 1, 0.5, 0.6],
      [1, 1, 1.7, 1.3],
    ].map(
      (scales): Case => [
        `linear ${mode} by ${scales}`,
        { op: "Resize", inputs: [image, undefined, floats(...scales)], attributes },
      ],
    ),
    ...[
      [2, 4, 14, 10],
      [2, 4, 3, 4],
      [2, 4, 9, 1],
    ].map(
      (sizes): Case => [
        `linear ${mode} to ${sizes}`,
        { op: "Resize", inputs: [image, undefined, undefined, ints(...sizes)], attributes },
      ],
    ),
  ];
});

const elementwise: Case[] = [
  ...["Relu", "LeakyRelu", "Sigmoid", "Tanh", "Exp", "Neg", "Abs", "Floor", "Identity"].map(
    (op): Case => [op, { op, inputs: [image] }],
  ),
  ["LeakyRelu 0.2", { op: "LeakyRelu", inputs: [image], attributes: { alpha: float(0.2) } }],
  ["Sqrt", { op: "Sqrt", inputs: [positive([3, 5])] }],
  ["Log", { op: "Log", inputs: [positive([3, 5])] }],
  ...["Add", "Sub", "Mul", "Div", "Min", "Max"].flatMap((op): Case[] => [
    [`${op} of equal dims`, { op, inputs: [wavy([2, 3, 4]), positive([2, 3, 4])] }],
    [`${op} repeats both ways`, { op, inputs: [wavy([2, 1, 4]), positive([3, 1])] }],
    [`${op} with a scalar`, { op, inputs: [scalar(0.7), positive([2, 3])] }],
    [`${op} per channel`, { op, inputs: [image, positive([4, 1, 1])] }],
    [`${op} of integers`, { op, inputs: [ints(-7, 8, 9), ints(2, -3, 4)], feedIntegers: true }],
  ]),
  ["Pow", { op: "Pow", inputs: [positive([2, 3]), wavy([3], 5)] }],
  ["Pow by a whole number", { op: "Pow", inputs: [image, scalar(2)] }],
  ["Pow of integers", { op: "Pow", inputs: [ints(-2, 3, 4), ints(3, 2, 0)], feedIntegers: true }],
  ["Min of three", { op: "Min", inputs: [wavy([3]), wavy([2, 1], 2), wavy([1, 3], 4)] }],
  ["Max of one", { op: "Max", inputs: [wavy([3])] }],
  ["Max with NaN", { op: "Max", inputs: [floats(Number.NaN, 1, 2), floats(1, Number.NaN, 3)] }],
  ["Greater", { op: "Greater", inputs: [wavy([2, 3]), scalar(0)] }],
  ["Less", { op: "Less", inputs: [wavy([2, 3]), wavy([3], 2)] }],
  ["Equal", { op: "Equal", inputs: [ints(1, 2, 3), ints(1, 3, 3)], feedIntegers: true }],
  ["Where", { op: "Where", inputs: [bools(1, 0, 1), wavy([2, 3]), scalar(9)] }],
  ["Clip", { op: "Clip", inputs: [image, scalar(-0.5), scalar(1)] }],
  ["Clip from below only", { op: "Clip", inputs: [image, scalar(0)] }],
  ["Clip from above only", { op: "Clip", inputs: [image, undefined, scalar(0)] }],
];

const sums: Case[] = [
  ["ReduceSum over inputs", { op: "ReduceSum", inputs: [image, ints(1, -1)] }],
  ["ReduceSum over all", { op: "ReduceSum", inputs: [image] }],
  ["ReduceSum without keeping", { op: "ReduceSum", inputs: [image, ints(0)], attributes: { keepdims: 0 } }],
  ["ReduceSum of nothing", { op: "ReduceSum", inputs: [image, undefined], attributes: { noop_with_empty_axes: 1 } }],
  ["ReduceMean", { op: "ReduceMean", inputs: [image], attributes: { axes: [2, 3] } }],
  ["ReduceMean without keeping", { op: "ReduceMean", inputs: [image], attributes: { axes: [-2], keepdims: 0 } }],
  ["ReduceMax", { op: "ReduceMax", inputs: [image], attributes: { axes: [-1, 1] } }],
  ["Softmax on the last axis", { op: "Softmax", inputs: [image] }],
  ["Softmax on channels", { op: "Softmax", inputs: [image], attributes: { axis: 1 } }],
  ["Softmax of large numbers", { op: "Softmax", inputs: [floats(1000, 1001, -1000)] }],
];

const matrices: Case[] = [
  ["MatMul", { op: "MatMul", inputs: [wavy([3, 5]), wavy([5, 2], 2)] }],
  ["MatMul of batches", { op: "MatMul", inputs: [wavy([2, 1, 3, 5]), wavy([4, 5, 2], 2)] }],
  ["MatMul of a row", { op: "MatMul", inputs: [wavy([5]), wavy([3, 5, 2], 2)] }],
  ["MatMul with a column", { op: "MatMul", inputs: [wavy([3, 4, 5]), wavy([5], 2)] }],
  ["MatMul of vectors", { op: "MatMul", inputs: [wavy([5]), wavy([5], 2)] }],
  ["Gemm", { op: "Gemm", inputs: [wavy([3, 5]), wavy([5, 2], 2), wavy([2], 3)] }],
  [
    "Gemm transposed and scaled",
    {
      op: "Gemm",
      inputs: [wavy([5, 3]), wavy([2, 5], 2), wavy([3, 1], 3)],
      attributes: { transA: 1, transB: 1, alpha: float(0.5), beta: float(2) },
    },
  ],
  ["Gemm without C", { op: "Gemm", inputs: [wavy([3, 5]), wavy([5, 2], 2)] }],
  [
    "BatchNormalization",
    {
      op: "BatchNormalization",
      inputs: [image, wavy([4], 2), wavy([4], 3), wavy([4], 4), positive([4])],
      attributes: { epsilon: float(1e-3) },
    },
  ],
  ["InstanceNormalization", { op: "InstanceNormalization", inputs: [image, wavy([4], 2), wavy([4], 3)] }],
];

const rearranged: Case[] = [
  ["Reshape with -1 and 0", { op: "Reshape", inputs: [image, ints(0, -1, 5)] }],
  ["Reshape to a scalar", { op: "Reshape", inputs: [floats(3), tensor("int64", new BigInt64Array(0), [0])] }],
  ["Transpose reverses", { op: "Transpose", inputs: [image] }],
  ["Transpose", { op: "Transpose", inputs: [image], attributes: { perm: [0, 2, 3, 1] } }],
  ["Squeeze", { op: "Squeeze", inputs: [wavy([1, 3, 1, 2]), ints(-2)] }],
  ["Squeeze all", { op: "Squeeze", inputs: [wavy([1, 3, 1, 2])] }],
  ["Unsqueeze", { op: "Unsqueeze", inputs: [wavy([3, 2]), ints(0, -1)] }],
  ["Expand", { op: "Expand", inputs: [wavy([3, 1]), ints(2, 1, 4)] }],
  ["Tile", { op: "Tile", inputs: [wavy([2, 3]), ints(2, 3)] }],
  ["DepthToSpace DCR", { op: "DepthToSpace", inputs: [wavy([1, 8, 2, 3])], attributes: { blocksize: 2 } }],
  ["DepthToSpace CRD", { op: "DepthToSpace", inputs: [wavy([1, 8, 2, 3])], attributes: { blocksize: 2, mode: "CRD" } }],
  ["Concat", { op: "Concat", inputs: [wavy([2, 1, 3]), wavy([2, 4, 3], 2)], attributes: { axis: -2 } }],
  ["Split in equal parts", { op: "Split", inputs: [image], attributes: { axis: 1 }, outputs: 2 }],
  ["Split in given parts", { op: "Split", inputs: [image, ints(1, 3, 3)], attributes: { axis: -2 }, outputs: 3 }],
  ["Slice", { op: "Slice", inputs: [image, ints(1, 0), ints(-1, 100), ints(-2, 3), ints(2, 3)] }],
  ["Slice backwards", { op: "Slice", inputs: [image, ints(-1), ints(-100), ints(3), ints(-2)] }],
  ["Slice of nothing", { op: "Slice", inputs: [wavy([4]), ints(3), ints(2)] }],
  [
    "Gather",
    {
      op: "Gather",
      inputs: [image, tensor("int64", BigInt64Array.of(0n, -1n, 2n, 1n), [2, 2])],
      attributes: { axis: 2 },
    },
  ],
  [
    "Gather by a scalar",
    { op: "Gather", inputs: [image, tensor("int64", BigInt64Array.of(1n), [])], attributes: { axis: -1 } },
  ],
  ["Pad with a constant", { op: "Pad", inputs: [wavy([2, 3]), ints(1, 0, 2, 3), scalar(7)] }],
  ["Pad with zeros", { op: "Pad", inputs: [wavy([2, 3]), ints(0, 1, 1, 0)] }],
  ["Pad by reflection", { op: "Pad", inputs: [wavy([3, 4]), ints(2, 1, 1, 3)], attributes: { mode: "reflect" } }],
  ["Pad with edges", { op: "Pad", inputs: [wavy([3, 4]), ints(2, 1, 1, 3)], attributes: { mode: "edge" } }],
  ["Pad crops", { op: "Pad", inputs: [wavy([3, 4]), ints(-1, 1, 0, -2)] }],
  ["Cast to int64", { op: "Cast", inputs: [floats(-1.7, 0, 2.9)], attributes: { to: 7 } }],
  ["Cast to int32", { op: "Cast", inputs: [floats(-1.7, 0, 2.9)], attributes: { to: 6 } }],
  ["Cast to bool", { op: "Cast", inputs: [floats(-1.7, 0, 2.9)], attributes: { to: 9 } }],
  ["Cast from int64", { op: "Cast", inputs: [ints(-1, 300)], attributes: { to: 1 }, feedIntegers: true }],
  ["Shape", { op: "Shape", inputs: [image] }],
  ["Shape in part", { op: "Shape", inputs: [image], attributes: { start: -2, end: -1 } }],
  ["ConstantOfShape", { op: "ConstantOfShape", inputs: [ints(2, 3)] }],
];

describe.each(Object.entries({ convolutions, pools, resizes, linearResizes, elementwise, sums, matrices, rearranged }))(
  "%s agree with onnxruntime",
  (_, cases) => {
    test.each(cases)("%s", async (_name, given) => {
      expect(await differenceFromOrt(given)).toBeLessThanOrEqual(tolerance);
    });
  },
);
