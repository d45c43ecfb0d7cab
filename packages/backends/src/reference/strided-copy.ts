import type { DataOf, DType } from "../contract/tensor.ts";
import { alike } from "./elements.ts";

/** Elements between neighbours along each axis of a dense row-major array. */
export function rowMajorStrides(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length);
  let stride = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= dims[axis]!;
  }
  return strides;
}

/**
 * Copies a strided view into a dense row-major array: transposing, slicing (also backwards) and repeating (stride 0)
 * are all this one loop.
 *
 * @param source Anything indexed; element `(i, j, …)` of the view is `source[offset + i * strides[0] + j * strides[1] + …]`.
 * @param dims The view's dims, and the target's.
 */
export function stridedCopy(
  source: DataOf[DType] | ArrayLike<number>,
  target: DataOf[DType],
  dims: readonly number[],
  strides: readonly number[],
  offset = 0,
): void {
  if (target.length === 0) return;
  const from = source as Float32Array;
  const to = alike(target);
  const last = dims.length - 1;
  const width = dims[last] ?? 1;
  const step = strides[last] ?? 0;
  const position = new Array<number>(Math.max(last, 0)).fill(0);
  let row = offset;
  for (let at = 0; at < to.length; ) {
    for (let column = 0, read = row; column < width; column++, read += step) to[at++] = from[read]!;
    for (let axis = last - 1; axis >= 0; axis--) {
      row += strides[axis]!;
      position[axis]!++;
      if (position[axis]! < dims[axis]!) break;
      row -= strides[axis]! * dims[axis]!;
      position[axis] = 0;
    }
  }
}
