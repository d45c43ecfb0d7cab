import { BunrakuError } from "../contract/error.ts";
import { type DType, type Tensor, tensor } from "../contract/tensor.ts";
import { newElements } from "./elements.ts";
import { rowMajorStrides, stridedCopy } from "./strided-copy.ts";

/** The dims that all of `shapes` can be repeated to, aligned at the last axis. @throws `SHAPE` @see numpy broadcasting */
export function broadcastDims(...shapes: (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((dims) => dims.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const dims of shapes) {
      const dim = dims[axis - rank + dims.length] ?? 1;
      if (dim === 1 || dim === size) continue;
      if (size !== 1) {
        const all = shapes.map((shape) => `[${shape.join(", ")}]`).join(" and ");
        throw new BunrakuError("SHAPE", `broadcast: ${all} do not fit on axis ${axis}.`);
      }
      size = dim;
    }
    return size;
  });
}

/**
 * Repeats a tensor to `dims`; axes of size 1 and missing leading axes repeat.
 *
 * @returns `value` itself when it has those dims already.
 * @throws `SHAPE`
 */
export function expand<T extends DType>(value: Tensor<T>, dims: readonly number[]): Tensor<T> {
  const missing = dims.length - value.dims.length;
  if (missing === 0 && value.dims.every((dim, axis) => dim === dims[axis])) return value;
  const own = rowMajorStrides(value.dims);
  const strides = dims.map((wanted, axis) => {
    const dim = value.dims[axis - missing] ?? 1;
    if (dim === wanted && dim !== 1) return own[axis - missing]!;
    if (dim === 1) return 0;
    throw new BunrakuError("SHAPE", `broadcast: [${value.dims.join(", ")}] does not repeat to [${dims.join(", ")}].`);
  });
  if (missing < 0) {
    throw new BunrakuError("SHAPE", `broadcast: [${value.dims.join(", ")}] has more axes than [${dims.join(", ")}].`);
  }
  const out = newElements(value.type, dims);
  stridedCopy(value.data, out, dims, strides);
  return tensor(value.type, out, dims);
}
