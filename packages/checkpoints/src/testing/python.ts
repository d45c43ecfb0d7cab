import type { ElementType } from "../numbers/element-type.ts";
import { bytesOf, unsigned } from "./bytes.ts";

/** Python objects for tests, as far as a checkpoint can hold them. An array is a list, a Map a dict. */
export type Python =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Python[]
  | ReadonlyMap<Python, Python>
  | Tuple
  | Global
  | Call
  | Storage
  | TestTensor;

export class Tuple {
  readonly items: readonly Python[];
  constructor(items: readonly Python[]) {
    this.items = items;
  }
}

export class Global {
  readonly module: string;
  readonly name: string;
  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }
}

/** `callee(*args)`, then the attributes of `state`, as `__reduce__` gives them. */
export class Call {
  readonly callee: Global;
  readonly args: Tuple;
  readonly state: Python | undefined;
  readonly items: ReadonlyMap<Python, Python> | undefined;
  constructor(callee: Global, args: Tuple, state?: Python, items?: ReadonlyMap<Python, Python>) {
    this.callee = callee;
    this.args = args;
    this.state = state;
    this.items = items;
  }
}

/** Elements that tensors can share. */
export class Storage {
  readonly key: string;
  readonly type: ElementType;
  readonly data: Uint8Array;
  /** What the pickle says; a hostile one says something else than `data`. */
  readonly count: number;
  constructor(key: string, type: ElementType, data: Uint8Array, count: number) {
    this.key = key;
    this.type = type;
    this.data = data;
    this.count = count;
  }
}

export class TestTensor {
  readonly storage: Storage;
  readonly dims: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  constructor(storage: Storage, dims: readonly number[], strides: readonly number[], offset: number) {
    this.storage = storage;
    this.dims = dims;
    this.strides = strides;
    this.offset = offset;
  }
}

export const tuple = (...items: readonly Python[]) => new Tuple(items);
export const global = (module: string, name: string) => new Global(module, name);

/** An OrderedDict with the `_metadata` attribute that PyTorch gives state dictionaries. */
export function stateDictOf(entries: Readonly<Record<string, Python>>): Call {
  const metadata = new Call(
    global("collections", "OrderedDict"),
    tuple(),
    undefined,
    new Map([["", new Map([["version", 1]])]]),
  );
  return new Call(
    global("collections", "OrderedDict"),
    tuple(),
    new Map([["_metadata", metadata]]),
    new Map(Object.entries(entries)),
  );
}

const storageNames: Readonly<Record<ElementType, string>> = {
  float32: "FloatStorage",
  float16: "HalfStorage",
  bfloat16: "BFloat16Storage",
  float64: "DoubleStorage",
  int64: "LongStorage",
  int32: "IntStorage",
  int16: "ShortStorage",
  int8: "CharStorage",
  uint8: "ByteStorage",
  bool: "BoolStorage",
};

/** The persistent id of a storage. The legacy format has one element more, the view. */
export function persistentId(storage: Storage, legacy: boolean): Tuple {
  const id = ["storage", global("torch", storageNames[storage.type]), storage.key, "cpu", storage.count] as const;
  return legacy ? tuple(...id, null) : tuple(...id);
}

/** Float32 elements as a storage. */
export function floats(key: string, values: readonly number[]): Storage {
  return new Storage(key, "float32", new Uint8Array(Float32Array.from(values).buffer), values.length);
}

/** Int64 elements as a storage. */
export function longs(key: string, values: readonly number[]): Storage {
  return new Storage(key, "int64", bytesOf(...values.map((value) => unsigned(value, 8))), values.length);
}

/** A dense row-major tensor of its own storage. */
export function dense(storage: Storage, dims: readonly number[]): TestTensor {
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((product, dim) => product * dim, 1));
  return new TestTensor(storage, dims, strides, 0);
}
