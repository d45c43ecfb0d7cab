import { BunrakuError } from "../../contract/error.ts";
import { type Tensor, tensor } from "../../contract/tensor.ts";
import { intAttribute } from "../attributes.ts";
import { axisOf } from "../axes.ts";
import { newElements, reshaped } from "../elements.ts";
import { anyInput, integersOf, type Operator } from "../operator.ts";
import { rowMajorStrides, stridedCopy } from "../strided-copy.ts";
import { take } from "../take.ts";

/** Starts and ends count from the back when negative, and are clamped; a negative step walks backwards. */
const slice: Operator = {
  op: "Slice",
  run(inputs) {
    const value = anyInput(inputs, 0, "Slice");
    const starts = integersOf(anyInput(inputs, 1, "Slice starts"), "Slice starts");
    const ends = integersOf(anyInput(inputs, 2, "Slice ends"), "Slice ends");
    const axes = inputs[3] ? integersOf(inputs[3], "Slice axes") : starts.map((_, axis) => axis);
    const steps = inputs[4] ? integersOf(inputs[4], "Slice steps") : starts.map(() => 1);
    if (ends.length !== starts.length || axes.length !== starts.length || steps.length !== starts.length) {
      throw new BunrakuError("SHAPE", "Slice: starts, ends, axes and steps must be equally many.");
    }
    const dims = [...value.dims];
    const strides = rowMajorStrides(value.dims);
    let offset = 0;
    axes.forEach((listed, at) => {
      const axis = axisOf(listed, dims.length);
      const size = value.dims[axis]!;
      const step = steps[at]!;
      if (step === 0) throw new BunrakuError("SHAPE", "Slice: a step must not be 0.");
      const begin = clampIndex(starts[at]!, size, step);
      const end = clampIndex(ends[at]!, size, step);
      dims[axis] = Math.max(0, Math.ceil((end - begin) / step));
      offset += begin * strides[axis]!;
      strides[axis]! *= step;
    });
    const out = newElements(value.type, dims);
    stridedCopy(value.data, out, dims, strides, offset);
    return [tensor(value.type, out, dims)];
  },
};

/** Backwards, the end may lie before the first element, at -1. */
function clampIndex(index: number, size: number, step: number): number {
  const fromFront = index < 0 ? index + size : index;
  return step > 0 ? Math.min(Math.max(fromFront, 0), size) : Math.min(Math.max(fromFront, -1), size - 1);
}

/**
 * Picks slices of `value` along `axis`; the axes of `indices` take the place of that axis.
 *
 * @param indices Whole numbers; -1 is the last slice.
 * @throws `SHAPE` when an index is outside.
 * @see ONNX Gather-13, numpy.take
 */
export function gather(value: Tensor, indices: Tensor, axis = 0): Tensor {
  const along = axisOf(axis, value.dims.length);
  const rows = integersOf(indices, "gather indices").map((index) => rowOf(index, value.dims[along]!));
  const taken = take(value, along, rows);
  return reshaped(taken, [...value.dims.slice(0, along), ...indices.dims, ...value.dims.slice(along + 1)]);
}

function rowOf(index: number, size: number): number {
  const row = index < 0 ? index + size : index;
  if (row >= 0 && row < size) return row;
  throw new BunrakuError("SHAPE", `gather: an index must be from ${-size} to ${size - 1}, got ${index}.`);
}

const gatherOperator: Operator = {
  op: "Gather",
  run: (inputs, attributes) => [
    gather(anyInput(inputs, 0, "Gather"), anyInput(inputs, 1, "Gather indices"), intAttribute(attributes, "axis", 0)),
  ],
};

export const selectOperators: readonly Operator[] = [slice, gatherOperator];
