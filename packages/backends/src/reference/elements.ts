import { BunrakuError } from "../contract/error.ts";
import { arrayTypes, type DataOf, type DType, sizeOf, type Tensor, tensor } from "../contract/tensor.ts";

// A graph can ask for any size; a typed array of more elements than this cannot be made anyway.
const mostElements = 2 ** 31;

/** An array of zeros for tensors of that type and dims. @throws `SHAPE` when the dims are impossible. */
export function newElements<T extends DType>(type: T, dims: readonly number[]): DataOf[T] {
  const size = sizeOf(dims);
  if (dims.some((dim) => !Number.isInteger(dim) || dim < 0) || size > mostElements) {
    throw new BunrakuError("SHAPE", `a result cannot have dims [${dims.join(", ")}].`);
  }
  return new arrayTypes[type](size) as DataOf[T];
}

/**
 * The elements, for a loop that is the same for every element type.
 *
 * Copying, comparing and `+ - * /` read alike for numbers and for 64-bit integers; TypeScript cannot say so, so the
 * type here is that of floats. Never mix elements with literals in such a loop.
 */
export function alike(elements: DataOf[DType]): Float32Array {
  return elements as Float32Array;
}

/** The same elements under other dims; nothing is copied. @throws `SHAPE` when the sizes differ. */
export function reshaped(value: Tensor, dims: readonly number[]): Tensor {
  return tensor(value.type, value.data, dims);
}
