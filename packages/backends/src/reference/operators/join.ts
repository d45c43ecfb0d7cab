import { BunrakuError } from "../../contract/error.ts";
import { type Tensor, tensor } from "../../contract/tensor.ts";
import { intAttribute } from "../attributes.ts";
import { axisOf, viewAlong, withDim } from "../axes.ts";
import { alike, newElements } from "../elements.ts";
import { anyInput, integersOf, type Operator } from "../operator.ts";
import { rowMajorStrides, stridedCopy } from "../strided-copy.ts";

/**
 * Puts tensors one after the other along an axis.
 *
 * @returns A new tensor, owned by the caller.
 * @throws `SHAPE` when types or other dims differ.
 * @see ONNX Concat-13
 */
export function concat(values: readonly Tensor[], axis: number): Tensor {
  const [first] = values;
  if (!first) throw new BunrakuError("SHAPE", "concat: wanted at least one tensor, got none.");
  const along = axisOf(axis, first.dims.length);
  let size = 0;
  for (const { type, dims } of values) {
    const fits = type === first.type && dims.length === first.dims.length;
    if (!fits || dims.some((dim, at) => at !== along && dim !== first.dims[at])) {
      throw new BunrakuError(
        "SHAPE",
        `concat: ${type} [${dims.join(", ")}] does not join ${first.type} [${first.dims.join(", ")}] on axis ${along}.`,
      );
    }
    size += dims[along]!;
  }
  const dims = withDim(first.dims, along, size);
  const out = newElements(first.type, dims);
  const { outer, inner } = viewAlong(dims, along);
  let begin = 0;
  for (const value of values) {
    const width = value.dims[along]! * inner;
    for (let block = 0; block < outer; block++) {
      alike(out).set(alike(value.data).subarray(block * width, (block + 1) * width), block * size * inner + begin);
    }
    begin += width;
  }
  return tensor(first.type, out, dims);
}

const concatOperator: Operator = {
  op: "Concat",
  run: (inputs, attributes) => [
    concat(
      inputs.map((_, index) => anyInput(inputs, index, "Concat")),
      intAttribute(attributes, "axis", Number.NaN),
    ),
  ],
};

const split: Operator = {
  op: "Split",
  run(inputs, attributes, outputs) {
    const value = anyInput(inputs, 0, "Split");
    const axis = axisOf(intAttribute(attributes, "axis", 0), value.dims.length);
    const size = value.dims[axis]!;
    // Without sizes the parts are equal, and the last is smaller when they cannot be (opset 18).
    const equal = Math.ceil(size / outputs);
    const parts = inputs[1]
      ? integersOf(inputs[1], "Split sizes")
      : Array.from({ length: outputs }, (_, part) => Math.min(equal, size - part * equal));
    if (parts.length !== outputs || parts.reduce((sum, part) => sum + part, 0) !== size) {
      throw new BunrakuError("SHAPE", `Split: ${size} does not split into ${outputs} parts of [${parts.join(", ")}].`);
    }
    let begin = 0;
    return parts.map((part) => {
      const dims = withDim(value.dims, axis, part);
      const out = newElements(value.type, dims);
      const strides = rowMajorStrides(value.dims);
      stridedCopy(value.data, out, dims, strides, begin * strides[axis]!);
      begin += part;
      return tensor(value.type, out, dims);
    });
  },
};

export const joinOperators: readonly Operator[] = [concatOperator, split];
