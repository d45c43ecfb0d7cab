import { BunrakuError } from "../contract/error.ts";
import { type DataOf, sizeOf, type Tensor, tensor } from "../contract/tensor.ts";
import { newElements } from "../reference/elements.ts";
import { stridedCopy } from "../reference/strided-copy.ts";
import { type DTypeOf, dtypeOf, type NdArrayLike, type NdData } from "./nd-array-like.ts";

/**
 * Copies an ndarray into a tensor, whatever its strides and offset: transposed, stepped, flipped, cropped or repeated.
 *
 * Nothing of the `ndarray` package is needed: its layout is enough. Values keep their scale: bytes stay 0 to 255, also
 * as float32.
 *
 * @param array Borrowed.
 * @param options.type "float32" converts any elements. @default the type that `DTypeOf` says
 * @returns A dense row-major tensor of the array's shape, owned by the caller.
 * @throws `SHAPE` when the elements are of a type that no tensor has, or the layout reaches outside the data.
 * @example fromNdarray(pixels.transpose(2, 0, 1), { type: "float32" }); // [H, W, C] to [C, H, W]
 */
export function fromNdarray(array: NdArrayLike, options: { readonly type: "float32" }): Tensor<"float32">;
export function fromNdarray<D extends NdData>(array: NdArrayLike<D>): Tensor<DTypeOf<D>>;
export function fromNdarray(array: NdArrayLike, options: { readonly type?: "float32" } = {}): Tensor {
  const { data, shape, stride, offset } = array;
  const own = dtypeOf(data);
  if (!own) {
    const got = (data as object)?.constructor?.name ?? typeof data;
    throw new BunrakuError(
      "SHAPE",
      `ndarray: elements in ${got} have no tensor type; copy them to a Float32Array first.`,
    );
  }
  checkLayout(array);
  const dims = [...shape];
  const type = options.type ?? own;
  if (own === "int64" && type !== "int64") {
    const whole = new BigInt64Array(sizeOf(dims));
    stridedCopy(data as BigInt64Array, whole, dims, stride, offset);
    return tensor(type, Float32Array.from(whole, Number), dims);
  }
  const elements = newElements(type, dims);
  stridedCopy(data as DataOf["float32"], elements, dims, stride, offset);
  return tensor(type, elements, dims);
}

function checkLayout({ data, shape, stride, offset }: NdArrayLike): void {
  if (shape.length !== stride.length) {
    throw new BunrakuError("SHAPE", `ndarray: wanted as many strides as axes (${shape.length}), got ${stride.length}.`);
  }
  if ([...shape, ...stride, offset].some((value) => !Number.isInteger(value)) || shape.some((size) => size < 0)) {
    throw new BunrakuError("SHAPE", "ndarray: shape, stride and offset must be whole numbers, and no size below 0.");
  }
  if (shape.includes(0)) return; // nothing is read
  let first = offset;
  let last = offset;
  shape.forEach((size, axis) => {
    const reach = (size - 1) * stride[axis]!;
    if (reach < 0) first += reach;
    else last += reach;
  });
  if (first < 0 || last >= data.length) {
    throw new BunrakuError("SHAPE", `ndarray: its layout reads elements ${first} to ${last} of ${data.length}.`);
  }
}
