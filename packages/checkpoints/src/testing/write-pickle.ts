import { bytesOf, joined, unsigned } from "./bytes.ts";
import { Call, Global, global, type Python, persistentId, Storage, TestTensor, Tuple, tuple } from "./python.ts";

export interface WritePickleOptions {
  /** 2 is what torch.save uses. @default 2 */
  readonly protocol?: 2 | 4;
  /** Write strings as Python 2 does. @default false */
  readonly python2?: boolean;
  /** Persistent ids with six elements. @default false */
  readonly legacy?: boolean;
}

/** Writes a pickle like CPython's pickler: the same opcodes in the same order, with a memo. */
export function writePickle(
  value: Python,
  options: WritePickleOptions = {},
): { bytes: Uint8Array; storages: Storage[] } {
  const writer = new PickleWriter(options);
  writer.write(value);
  const { protocol = 2 } = options;
  const body = bytesOf(joined(writer.parts), ".");
  const frame = protocol === 4 ? bytesOf(0x95, unsigned(body.length, 8)) : new Uint8Array();
  return { bytes: bytesOf(0x80, protocol, frame, body), storages: [...writer.storages] };
}

class PickleWriter {
  readonly parts: (number | string | Uint8Array)[] = [];
  readonly storages = new Set<Storage>();
  readonly #options: WritePickleOptions;
  readonly #memo = new Map<unknown, number>();
  #memoSize = 0;

  constructor(options: WritePickleOptions) {
    this.#options = options;
  }

  write(value: Python): void {
    if (value === null) this.parts.push("N");
    else if (typeof value === "boolean") this.parts.push(value ? 0x88 : 0x89);
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "bigint") this.#long(value);
    else if (typeof value === "string") this.#shared(value, () => this.#string(value));
    else if (value instanceof Tuple) this.#shared(value, () => this.#tuple(value));
    else if (value instanceof Global) this.#shared(`${value.module} ${value.name}\0`, () => this.#global(value));
    else if (value instanceof Call)
      this.#shared(
        value,
        () => this.#call(value),
        () => this.#fill(value),
      );
    else if (value instanceof Storage) this.#storage(value);
    else if (value instanceof TestTensor) this.#shared(value, () => this.#call(rebuild(value)));
    else if (value instanceof Map)
      this.#shared(
        value,
        () => this.parts.push("}"),
        () => this.#items(value),
      );
    else
      this.#shared(
        value,
        () => this.parts.push("]"),
        () => this.#appends(value as readonly Python[]),
      );
  }

  /** Writes a value once, and afterwards points to it. */
  #shared(key: unknown, create: () => void, fill?: () => void): void {
    const index = this.#memo.get(key);
    if (index !== undefined) {
      this.parts.push(...(index < 256 ? ["h", index] : ["j", unsigned(index, 4)]));
      return;
    }
    create();
    this.#memo.set(key, this.#memoSize);
    if (this.#options.protocol === 4) this.parts.push(0x94);
    else this.parts.push(...(this.#memoSize < 256 ? ["q", this.#memoSize] : ["r", unsigned(this.#memoSize, 4)]));
    this.#memoSize++;
    fill?.();
  }

  #number(value: number): void {
    if (!Number.isInteger(value)) {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setFloat64(0, value, false);
      this.parts.push("G", bytes);
    } else if (value >= 0 && value < 256) this.parts.push("K", value);
    else if (value >= 0 && value < 65536) this.parts.push("M", unsigned(value, 2));
    else if (value >= -(2 ** 31) && value < 2 ** 31)
      this.parts.push("J", unsigned(BigInt.asUintN(32, BigInt(value)), 4));
    else this.#long(BigInt(value));
  }

  #long(value: bigint): void {
    let size = 1;
    while (BigInt.asIntN(8 * size, value) !== value) size++;
    const bytes = new Uint8Array(size);
    for (let i = 0; i < size; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 0xffn);
    this.parts.push(0x8a, size, bytes);
  }

  #string(value: string): void {
    const bytes = bytesOf(value);
    if (this.#options.python2) this.parts.push("U", bytes.length, bytes);
    else if (this.#options.protocol === 4) this.parts.push(0x8c, bytes.length, bytes);
    else this.parts.push("X", unsigned(bytes.length, 4), bytes);
  }

  #tuple({ items }: Tuple): void {
    if (items.length === 0) this.parts.push(")");
    else if (items.length > 3) this.parts.push("(");
    for (const item of items) this.write(item);
    if (items.length > 3) this.parts.push("t");
    else if (items.length > 0) this.parts.push(0x84 + items.length);
  }

  #global({ module, name }: Global): void {
    if (this.#options.protocol !== 4) {
      this.parts.push(`c${module}\n${name}\n`);
      return;
    }
    this.write(module);
    this.write(name);
    this.parts.push(0x93);
  }

  #call({ callee, args }: Call): void {
    this.write(callee);
    this.write(args);
    this.parts.push("R");
  }

  #fill({ items, state }: Call): void {
    if (items) this.#items(items);
    if (state === undefined) return;
    this.write(state);
    this.parts.push("b");
  }

  #storage(storage: Storage): void {
    this.storages.add(storage);
    this.write(persistentId(storage, this.#options.legacy ?? false));
    this.parts.push("Q");
  }

  #items(items: ReadonlyMap<Python, Python>): void {
    if (items.size === 0) return;
    this.parts.push("(");
    for (const [key, value] of items) {
      this.write(key);
      this.write(value);
    }
    this.parts.push("u");
  }

  #appends(items: readonly Python[]): void {
    if (items.length === 0) return;
    this.parts.push("(");
    for (const item of items) this.write(item);
    this.parts.push("e");
  }
}

function rebuild({ storage, offset, dims, strides }: TestTensor): Call {
  return new Call(
    global("torch._utils", "_rebuild_tensor_v2"),
    tuple(
      storage,
      offset,
      tuple(...dims),
      tuple(...strides),
      false,
      new Call(global("collections", "OrderedDict"), tuple()),
    ),
  );
}
