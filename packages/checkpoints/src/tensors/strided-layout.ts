import { modelError } from "../model-error.ts";
import { isCount } from "../pickle/persistent-storage.ts";
import { describe, type PickleValue, type TensorRef } from "../pickle/values.ts";

// The most that PyTorch has.
const LARGEST_RANK = 64;

/** Where the elements of a tensor lie in its storage, in elements. */
export interface StridedLayout {
  readonly dims: readonly number[];
  readonly strides: readonly number[];
  /** The first element, from the start of the storage. */
  readonly offset: number;
  /** Elements of the tensor. */
  readonly count: number;
  /** Elements from the first to the last one used, both counted. 0 for an empty tensor. */
  readonly span: number;
}

/**
 * The layout that a file gives for a tensor, checked: it stays inside its storage.
 *
 * @throws `MODEL` with `file` and the tensor's `name`
 */
export function stridedLayout(file: string, name: string, tensor: TensorRef): StridedLayout {
  const dims = counts(tensor.size);
  const strides = counts(tensor.stride);
  const { offset, storage } = tensor;
  const shown = `size ${show(tensor.size)}, stride ${show(tensor.stride)}, offset ${show(offset)}`;
  if (!dims || !strides || dims.length !== strides.length || !isCount(offset)) {
    throw modelError(
      file,
      `tensor ${name}: wanted a size, a stride and an offset in whole numbers from 0, got ${shown}.`,
    );
  }
  let count = 1;
  for (const dim of dims) count *= dim;
  let last = offset;
  for (let axis = 0; axis < dims.length; axis++) last += (dims[axis]! - 1) * strides[axis]!;
  const inside = count === 0 ? offset <= storage.view.count : last < storage.view.count;
  if (!Number.isSafeInteger(count) || !inside) {
    throw modelError(
      file,
      `tensor ${name}: ${shown} reaches outside its storage of ${storage.view.count} elements. The file is damaged; get it again.`,
    );
  }
  const span = count === 0 ? 0 : last - offset + 1;
  return { dims, strides, offset: offset + storage.view.start, count, span };
}

/** Whether the elements lie one after the other in row-major order. */
export function isContiguous({ dims, strides }: StridedLayout): boolean {
  let expected = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    if (dims[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= dims[axis]!;
  }
  return true;
}

/** Copies elements into row-major order. `elements` begin at the tensor's first one. */
export function gather(elements: Float32Array, { dims, strides, count }: StridedLayout): Float32Array {
  const result = new Float32Array(count);
  const index = new Array<number>(dims.length).fill(0);
  let from = 0;
  for (let to = 0; to < count; to++) {
    result[to] = elements[from]!;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < dims[axis]!) break;
      from -= index[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

function counts(value: PickleValue): number[] | undefined {
  return Array.isArray(value) && value.length <= LARGEST_RANK && value.every(isCount) ? (value as number[]) : undefined;
}

function show(value: PickleValue): string {
  return Array.isArray(value) ? `[${value.slice(0, 8).map(describe).join(", ")}]` : describe(value);
}
