import type { DType } from "../contract/tensor.ts";

/** What an ndarray can hold its elements in, and what those become in a tensor. */
export type NdData =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | BigInt64Array
  | number[];

/**
 * Anything laid out as scijs `ndarray` lays it out: element `(i, j, …)` is `data[offset + i * stride[0] + j * stride[1] + …]`.
 */
export interface NdArrayLike<D = NdData> {
  readonly data: D;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** The element type that holds every value of `D`: small integers widen to int32, float64 and plain numbers round to float32. */
export type DTypeOf<D> = D extends Uint8Array | Uint8ClampedArray
  ? "uint8"
  : D extends Int8Array | Int16Array | Uint16Array | Int32Array
    ? "int32"
    : D extends BigInt64Array
      ? "int64"
      : "float32";

/**
 * An array of the scijs `ndarray` package, as far as its users need it: that package's types are not part of ours, so
 * that programs without it compile. Hand `ndarray` in to get its own type.
 */
export interface NdArray<D> {
  readonly data: D;
  readonly shape: number[];
  readonly stride: number[];
  readonly offset: number;
  readonly dtype: string;
  readonly size: number;
  readonly order: number[];
  readonly dimension: number;
  get(...index: number[]): ElementOf<D>;
  set(...indexAndValue: (number | ElementOf<D>)[]): ElementOf<D>;
  index(...index: number[]): number;
  lo(...from: number[]): NdArray<D>;
  hi(...size: number[]): NdArray<D>;
  step(...steps: number[]): NdArray<D>;
  transpose(...axes: number[]): NdArray<D>;
  pick(...index: (number | null)[]): NdArray<D>;
}

type ElementOf<D> = D extends BigInt64Array ? bigint : number;

/** The tensor type of an array, by what it is at run time. */
export function dtypeOf(data: unknown): DType | undefined {
  if (data instanceof Uint8Array || data instanceof Uint8ClampedArray) return "uint8";
  if (data instanceof Float32Array || data instanceof Float64Array || Array.isArray(data)) return "float32";
  if (data instanceof Int8Array || data instanceof Int16Array) return "int32";
  if (data instanceof Uint16Array || data instanceof Int32Array) return "int32";
  return data instanceof BigInt64Array ? "int64" : undefined;
}
