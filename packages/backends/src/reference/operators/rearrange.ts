import { BunrakuError } from "../../contract/error.ts";
import { expectShape } from "../../contract/expect-shape.ts";
import { sizeOf, type Tensor, tensor } from "../../contract/tensor.ts";
import { intAttribute, intsAttribute, textAttribute } from "../attributes.ts";
import { axisOf } from "../axes.ts";
import { newElements, reshaped } from "../elements.ts";
import { anyInput, integersOf, type Operator } from "../operator.ts";
import { rowMajorStrides, stridedCopy } from "../strided-copy.ts";

/**
 * Reorders the axes: axis `i` of the result is axis `order[i]` of `value`.
 *
 * @returns A dense copy, owned by the caller.
 * @throws `SHAPE` when `order` is not a permutation of the axes.
 * @see ONNX Transpose-13
 */
export function transpose(value: Tensor, order: readonly number[]): Tensor {
  const axes = order.map((axis) => axisOf(axis, value.dims.length));
  if (axes.length !== value.dims.length || new Set(axes).size !== axes.length) {
    throw new BunrakuError(
      "SHAPE",
      `transpose: order [${order.join(", ")}] must name each of ${value.dims.length} axes once.`,
    );
  }
  const strides = rowMajorStrides(value.dims);
  const dims = axes.map((axis) => value.dims[axis]!);
  const out = newElements(value.type, dims);
  stridedCopy(
    value.data,
    out,
    dims,
    axes.map((axis) => strides[axis]!),
  );
  return tensor(value.type, out, dims);
}

const transposeOperator: Operator = {
  op: "Transpose",
  run(inputs, attributes) {
    const value = anyInput(inputs, 0, "Transpose");
    return [transpose(value, intsAttribute(attributes, "perm") ?? value.dims.map((_, axis) => -1 - axis))];
  },
};

const reshape: Operator = {
  op: "Reshape",
  run(inputs, attributes) {
    const value = anyInput(inputs, 0, "Reshape");
    const wanted = integersOf(anyInput(inputs, 1, "Reshape shape"), "Reshape shape");
    const keepsZero = intAttribute(attributes, "allowzero", 0) !== 0;
    const dims = wanted.map((dim, axis) => (dim === 0 && !keepsZero ? (value.dims[axis] ?? 0) : dim));
    const open = dims.indexOf(-1);
    if (open >= 0) {
      dims[open] = 1;
      dims[open] = sizeOf(value.dims) / sizeOf(dims);
    }
    return [reshaped(value, dims)];
  },
};

const squeeze: Operator = {
  op: "Squeeze",
  run(inputs) {
    const value = anyInput(inputs, 0, "Squeeze");
    const { dims } = value;
    const axes = inputs[1]
      ? integersOf(inputs[1], "Squeeze axes").map((axis) => axisOf(axis, dims.length))
      : dims.flatMap((dim, axis) => (dim === 1 ? [axis] : []));
    return [
      reshaped(
        value,
        dims.filter((_, axis) => !axes.includes(axis)),
      ),
    ];
  },
};

const unsqueeze: Operator = {
  op: "Unsqueeze",
  run(inputs) {
    const value = anyInput(inputs, 0, "Unsqueeze");
    const listed = integersOf(anyInput(inputs, 1, "Unsqueeze axes"), "Unsqueeze axes");
    const rank = value.dims.length + listed.length;
    const axes = new Set(listed.map((axis) => axisOf(axis, rank)));
    const rest = [...value.dims];
    return [
      reshaped(
        value,
        Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : (rest.shift() ?? 0))),
      ),
    ];
  },
};

const identity: Operator = { op: "Identity", run: (inputs) => [anyInput(inputs, 0, "Identity")] };

/** Channels become pixels: each block of `blocksize`² channels is a tile. */
const depthToSpace: Operator = {
  op: "DepthToSpace",
  run(inputs, attributes) {
    const value = anyInput(inputs, 0, "DepthToSpace");
    const [n, c, h, w] = expectShape(value, ["N", "C", "H", "W"], "DepthToSpace").dims;
    const side = intAttribute(attributes, "blocksize", 0);
    const depth = c / side ** 2;
    if (side < 1 || !Number.isInteger(depth)) {
      throw new BunrakuError("SHAPE", `DepthToSpace: ${c} channels do not fill tiles of ${side} x ${side}.`);
    }
    const depthFirst = textAttribute(attributes, "mode", ["DCR", "CRD"]) === "DCR";
    const tiles = depthFirst
      ? transpose(reshaped(value, [n, side, side, depth, h, w]), [0, 3, 4, 1, 5, 2])
      : transpose(reshaped(value, [n, depth, side, side, h, w]), [0, 1, 4, 2, 5, 3]);
    return [reshaped(tiles, [n, depth, h * side, w * side])];
  },
};

export const rearrangeOperators: readonly Operator[] = [
  transposeOperator,
  reshape,
  squeeze,
  unsqueeze,
  identity,
  depthToSpace,
];
