import { BunrakuError } from "../contract/error.ts";
import type { DataOf, DType, Tensor } from "../contract/tensor.ts";
import type { NdArray } from "./nd-array-like.ts";

/**
 * Copies a tensor into an array of the scijs `ndarray` package.
 *
 * That package builds its classes with `new Function`, which a page with a strict Content-Security-Policy forbids; it
 * is imported here, on the first call, and nowhere else.
 *
 * @param tensor Borrowed; may live on a device.
 * @param options.ndarray The package's function, to get arrays of its own type or to keep the import out of a bundle.
 * @default import("ndarray")
 * @returns An array over data of its own. bool becomes bytes, int64 stays BigInt.
 * @throws `BACKEND_MISSING` when `ndarray` is not installed, `BACKEND_UNAVAILABLE` when the page forbids it; `DISPOSED`
 */
export function toNdarray<T extends DType, A>(
  tensor: Tensor<T>,
  options: { readonly ndarray: (data: DataOf[T], shape: number[]) => A },
): Promise<A>;
export function toNdarray<T extends DType>(tensor: Tensor<T>): Promise<NdArray<DataOf[T]>>;
export async function toNdarray(
  tensor: Tensor,
  options: { readonly ndarray?: (data: never, shape: number[]) => unknown } = {},
): Promise<unknown> {
  const create = options.ndarray ?? (await importNdarray());
  const data = await tensor.read();
  try {
    return create(data.slice() as never, [...tensor.dims]);
  } catch (cause) {
    if (!(cause instanceof EvalError)) throw cause;
    throw new BunrakuError(
      "BACKEND_UNAVAILABLE",
      "ndarray: this page's Content-Security-Policy forbids `new Function`, which `ndarray` needs; use tensors.",
      { cause },
    );
  }
}

async function importNdarray(): Promise<(data: never, shape: number[]) => unknown> {
  try {
    return (await import("ndarray")).default;
  } catch (cause) {
    throw new BunrakuError(
      "BACKEND_MISSING",
      "Cannot import `ndarray`. Install it (`npm install ndarray`) or pass it in as `ndarray`.",
      { cause },
    );
  }
}
