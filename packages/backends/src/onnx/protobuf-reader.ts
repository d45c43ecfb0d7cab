import { BunrakuError } from "../contract/error.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads one protocol buffer message, field by field.
 *
 * Made for hostile input: every length is checked against what is left of the message, byte fields are views (nothing
 * is allocated because a file says so), and nesting happens only where a caller asks for it.
 *
 * @throws `MODEL` when the bytes end too early or hold a wire type that ONNX does not use.
 */
export function* protobufFields(bytes: Uint8Array): Generator<ProtobufField, void, undefined> {
  const cursor = new Cursor(bytes);
  while (!cursor.done) {
    const tag = Number(cursor.varint());
    const number = Math.floor(tag / 8);
    if (number < 1 || number > 0x1fffffff) throw damaged(`field number ${number}`);
    const wire = tag % 8;
    if (wire === 0) yield new ProtobufField(number, cursor.varint());
    else if (wire === 1) yield new ProtobufField(number, cursor.take(8));
    else if (wire === 2) yield new ProtobufField(number, cursor.take(Number(cursor.varint())));
    else if (wire === 5) yield new ProtobufField(number, cursor.take(4));
    else throw damaged(`wire type ${wire}`); // 3 and 4 are groups: deprecated, and never part of ONNX
  }
}

/** One field of a message: its number, and its value read as whatever the schema says it is. */
export class ProtobufField {
  readonly number: number;
  #value: bigint | Uint8Array;

  constructor(number: number, value: bigint | Uint8Array) {
    this.number = number;
    this.#value = value;
  }

  /** The bytes of a string, message or packed list: a view, not a copy. */
  bytes(): Uint8Array {
    if (typeof this.#value === "bigint") throw damaged(`a number where field ${this.number} holds bytes`);
    return this.#value;
  }

  text(): string {
    try {
      return utf8.decode(this.bytes());
    } catch (cause) {
      throw damaged(`text that is not UTF-8 in field ${this.number}`, cause);
    }
  }

  /** A signed 64-bit whole number. */
  bigint(): bigint {
    if (typeof this.#value !== "bigint") throw damaged(`bytes where field ${this.number} holds a number`);
    return BigInt.asIntN(64, this.#value);
  }

  /** A whole number that a JavaScript number holds exactly. */
  integer(): number {
    return safeInteger(this.bigint(), this.number);
  }

  float(): number {
    const bytes = this.bytes();
    if (bytes.length !== 4) throw damaged(`${bytes.length} bytes where field ${this.number} holds a float`);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
  }

  /** One element of a repeated number, or a packed run of them: writers may use either. */
  bigints(): bigint[] {
    if (typeof this.#value === "bigint") return [this.bigint()];
    const list: bigint[] = [];
    for (const cursor = new Cursor(this.#value); !cursor.done; ) list.push(BigInt.asIntN(64, cursor.varint()));
    return list;
  }

  integers(): number[] {
    return this.bigints().map((value) => safeInteger(value, this.number));
  }

  /** One float of a repeated float, or a packed run of them. */
  floats(): Float32Array {
    const bytes = this.bytes();
    if (bytes.length % 4 !== 0) throw damaged(`${bytes.length} bytes where field ${this.number} holds floats`);
    return new Float32Array(bytes.slice().buffer); // copied: a view might not be aligned
  }
}

class Cursor {
  #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** An unsigned 64-bit number. */
  varint(): bigint {
    let low = 0; // the first four groups of seven bits fit a small integer, which is what nearly every varint is
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 127) << shift;
      if (byte < 128) return BigInt(low);
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw damaged("a number of more than 64 bits");
  }

  take(length: number): Uint8Array {
    const left = this.#bytes.length - this.#at;
    if (length > left) throw damaged(`a field of ${length} bytes where ${left} are left`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw damaged("an end in the middle of a number");
    return byte;
  }
}

function safeInteger(value: bigint, field: number): number {
  const integer = Number(value);
  if (!Number.isSafeInteger(integer)) throw damaged(`${value} in field ${field}`);
  return integer;
}

function damaged(what: string, cause?: unknown): BunrakuError {
  return new BunrakuError("MODEL", `model: the ONNX file is damaged or not one; it holds ${what}.`, { cause });
}
