import { BunrakuError } from "./error.ts";

// Safari and older Firefox do not have it; `using` is lowered to code that looks it up.
(Symbol as { dispose?: symbol }).dispose ??= Symbol("Symbol.dispose");
(Symbol as { asyncDispose?: symbol }).asyncDispose ??= Symbol("Symbol.asyncDispose");

/** The typed array that holds each element type. */
export interface DataOf {
  float32: Float32Array;
  uint8: Uint8Array;
  int8: Int8Array;
  int32: Int32Array;
  int64: BigInt64Array;
  bool: Uint8Array;
}

export type DType = keyof DataOf;
export type Shape = readonly number[];

/** A global type where the program has it (DOM, WebGPU), else `unknown`: users without those types still compile. */
export type GlobalType<Name extends string> = typeof globalThis extends { [key in Name]: { prototype: infer T } }
  ? T
  : unknown;

/**
 * A dense, row-major array with a type and dims.
 *
 * Ownership: what a function returns is the caller's, to be disposed when it lives on a device (on the CPU, disposal
 * only guards against later use). Functions borrow their arguments and never dispose them.
 */
export interface Tensor<T extends DType = DType, S extends Shape = Shape> extends Disposable {
  readonly type: T;
  readonly dims: S;
  /** The elements, when they are on the CPU. @throws `NOT_ON_CPU`, `DISPOSED` */
  readonly data: DataOf[T];
  /** The device buffer, when the tensor lives on a GPU. */
  readonly buffer?: GlobalType<"GPUBuffer">;
  /** The elements, from wherever they are. */
  read(): Promise<DataOf[T]>;
}

/** The array type of each element type. */
export const arrayTypes = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const;

/** The number of elements of a tensor of these dims. */
export function sizeOf(dims: Shape): number {
  let size = 1;
  for (const dim of dims) size *= dim;
  return size;
}

class CpuTensor<T extends DType, S extends Shape> implements Tensor<T, S> {
  readonly type: T;
  readonly dims: S;
  #data: DataOf[T] | undefined;

  constructor(type: T, data: DataOf[T], dims: S) {
    this.type = type;
    this.dims = dims;
    this.#data = data;
  }

  get data(): DataOf[T] {
    if (!this.#data)
      throw new BunrakuError("DISPOSED", `tensor [${this.dims.join(", ")}]: its data was read after it was disposed.`);
    return this.#data;
  }

  async read(): Promise<DataOf[T]> {
    return this.data;
  }

  [Symbol.dispose](): void {
    this.#data = undefined;
  }
}

/**
 * Wraps a typed array as a tensor on the CPU. The array is borrowed, not copied.
 *
 * @throws `SHAPE` when the array's type or length does not fit.
 */
export function tensor<T extends DType, const S extends Shape>(type: T, data: DataOf[T], dims: S): Tensor<T, S> {
  const arrayType = arrayTypes[type];
  if (!arrayType)
    throw new BunrakuError(
      "SHAPE",
      `tensor: expected a type of ${Object.keys(arrayTypes).join(", ")}, got ${String(type)}.`,
    );
  if (!(data instanceof arrayType)) {
    throw new BunrakuError(
      "SHAPE",
      `tensor: type ${type} needs a ${arrayType.name}, got ${(data as object)?.constructor?.name ?? typeof data}.`,
    );
  }
  if (dims.some((dim) => !Number.isInteger(dim) || dim < 0)) {
    throw new BunrakuError("SHAPE", `tensor: dims must be whole numbers of at least 0, got [${dims.join(", ")}].`);
  }
  const size = sizeOf(dims);
  if (data.length !== size) {
    throw new BunrakuError("SHAPE", `tensor: dims [${dims.join(", ")}] need ${size} elements, got ${data.length}.`);
  }
  return new CpuTensor(type, data, dims);
}

/** A tensor of zeros on the CPU. */
export function zeros<const S extends Shape>(dims: S): Tensor<"float32", S> {
  return new CpuTensor("float32", new Float32Array(sizeOf(dims)), dims);
}
