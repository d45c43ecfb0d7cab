import type { ElementType } from "../numbers/element-type.ts";

/** A storage that the pickle points to: a run of elements kept elsewhere in the file. */
export class StorageRef {
  readonly key: string;
  readonly type: ElementType;
  /** Elements of the whole storage. */
  readonly count: number;
  /** The part that is meant, in elements: very old files have views of storages. */
  readonly view: { readonly start: number; readonly count: number };

  constructor(key: string, type: ElementType, count: number, view = { start: 0, count }) {
    this.key = key;
    this.type = type;
    this.count = count;
    this.view = view;
  }
}

/** A tensor as the pickle describes it. Nothing is checked or read yet; that is done for the tensors that are wanted. */
export class TensorRef {
  readonly storage: StorageRef;
  /** Elements from the start of the storage. */
  readonly offset: PickleValue;
  readonly size: PickleValue;
  /** In elements. */
  readonly stride: PickleValue;

  constructor(storage: StorageRef, offset: PickleValue, size: PickleValue, stride: PickleValue) {
    this.storage = storage;
    this.offset = offset;
    this.size = size;
    this.stride = stride;
  }
}

/** The name of an allowed Python function or class. */
export class GlobalRef {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Something that is allowed to be in the file and that nobody looks at, such as a numpy number. */
export class Inert {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What a pickle can hold. Lists and tuples are arrays, dictionaries are Maps: a plain object has keys of its own. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Set<PickleValue>
  | StorageRef
  | TensorRef
  | GlobalRef
  | Inert;

/** What a value is, for messages. */
export function describe(value: PickleValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "None";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Map) return "a dictionary";
  if (value instanceof Set) return "a set";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof StorageRef) return "a storage";
  if (value instanceof TensorRef) return "a tensor";
  if (value instanceof GlobalRef || value instanceof Inert) return `a ${value.name}`;
  if (typeof value === "string") return "a string";
  return String(value).slice(0, 40);
}
