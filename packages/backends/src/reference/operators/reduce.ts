import { type Tensor, tensor } from "../../contract/tensor.ts";
import { intAttribute, intsAttribute } from "../attributes.ts";
import { axisOf, viewAlong } from "../axes.ts";
import { newElements } from "../elements.ts";
import { integersOf, type Operator, wantInput } from "../operator.ts";
import { transpose } from "./rearrange.ts";

type Fold = (rows: Float32Array, begin: number, end: number) => number;

/** Folds axes of a tensor to one number each; sums are in float64. */
function reduce(value: Tensor<"float32">, axes: readonly number[], keepDims: boolean, fold: Fold): Tensor<"float32"> {
  const rank = value.dims.length;
  const folded = new Set(axes.map((axis) => axisOf(axis, rank)));
  const kept = value.dims.flatMap((_, axis) => (folded.has(axis) ? [] : [axis]));
  const rows = transpose(value, [...kept, ...folded]) as Tensor<"float32">; // what is folded lies together, at the end
  const dims = value.dims.flatMap((dim, axis) => (folded.has(axis) ? (keepDims ? [1] : []) : [dim]));
  const out = newElements("float32", dims);
  const width = [...folded].reduce((size, axis) => size * value.dims[axis]!, 1);
  for (let at = 0; at < out.length; at++) out[at] = fold(rows.data, at * width, (at + 1) * width);
  return tensor("float32", out, dims);
}

const sum: Fold = (rows, begin, end) => {
  let total = 0;
  for (let at = begin; at < end; at++) total += rows[at]!;
  return total;
};

const mean: Fold = (rows, begin, end) => sum(rows, begin, end) / (end - begin);

const largest: Fold = (rows, begin, end) => {
  let best = Number.NEGATIVE_INFINITY;
  for (let at = begin; at < end; at++) if (!(rows[at]! <= best)) best = rows[at]!;
  return best;
};

/** The axes are an attribute or, in newer opsets, an input: either is read. */
function reduction(op: string, fold: Fold): Operator {
  return {
    op,
    run(inputs, attributes) {
      const value = wantInput(inputs, 0, op);
      const axes = inputs[1] ? integersOf(inputs[1], `${op} axes`) : (intsAttribute(attributes, "axes") ?? []);
      if (axes.length === 0 && intAttribute(attributes, "noop_with_empty_axes", 0) !== 0) return [value];
      const all = axes.length === 0 ? value.dims.map((_, axis) => axis) : axes;
      return [reduce(value, all, intAttribute(attributes, "keepdims", 1) !== 0, fold)];
    },
  };
}

/**
 * Exponentials along an axis, divided by their sum. Shifted by the largest first, so that none overflows.
 *
 * @returns The value's dims; each line along `axis` sums to 1. Owned by the caller.
 * @throws `SHAPE` when there is no such axis.
 * @see ONNX Softmax-13
 */
export function softmax(value: Tensor<"float32">, axis = -1): Tensor<"float32"> {
  const { outer, size, inner } = viewAlong(value.dims, axisOf(axis, value.dims.length));
  const out = newElements("float32", value.dims);
  const line = new Float64Array(size);
  for (let block = 0; block < outer; block++) {
    for (let column = 0; column < inner; column++) {
      const begin = block * size * inner + column;
      let best = Number.NEGATIVE_INFINITY;
      for (let row = 0; row < size; row++) best = Math.max(best, value.data[begin + row * inner]!);
      let total = 0;
      for (let row = 0; row < size; row++) {
        line[row] = Math.exp(value.data[begin + row * inner]! - best);
        total += line[row]!;
      }
      for (let row = 0; row < size; row++) out[begin + row * inner] = line[row]! / total;
    }
  }
  return tensor("float32", out, value.dims);
}

const softmaxOperator: Operator = {
  op: "Softmax",
  run: (inputs, attributes) => [softmax(wantInput(inputs, 0, "Softmax"), intAttribute(attributes, "axis", -1))],
};

export const reduceOperators: readonly Operator[] = [
  reduction("ReduceSum", sum),
  reduction("ReduceMean", mean),
  reduction("ReduceMax", largest),
  softmaxOperator,
];
