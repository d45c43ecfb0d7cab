import type { BunrakuError } from "@bunraku/backends";
import { modelError } from "../model-error.ts";
import { pickleLimits } from "./limits.ts";

/** Thrown when a pickle goes on after the bytes at hand. Caught by `unpickleFrom`, never seen outside. */
export class NeedMoreBytes extends Error {
  /** Bytes from the start of the pickle that are needed at least. */
  readonly needed: number;

  constructor(needed: number) {
    super("The pickle goes on after the bytes at hand.");
    this.needed = needed;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const latin1 = new TextDecoder("latin1");

/** Reads the arguments of opcodes, in order. */
export class PickleBytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #name: string;
  readonly #base: number;
  #at = 0;
  /** Where the current operation begins, for messages. */
  operation = 0;
  #spent = 0;

  /** @param base Where in the file `bytes` begin. */
  constructor(bytes: Uint8Array, name: string, base: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
    this.#base = base;
  }

  get position(): number {
    return this.#at;
  }

  error(message: string, cause?: unknown): BunrakuError {
    return modelError(this.#name, `byte ${this.#base + this.operation}: ${message}`, cause);
  }

  /** Counts work done. @throws `MODEL` when it is more than any checkpoint needs */
  spend(operations: number): void {
    this.#spent += operations;
    if (this.#spent > pickleLimits.operations) {
      throw this.error(`wanted at most ${pickleLimits.operations} operations, got more. No checkpoint is like that.`);
    }
  }

  #take(count: number): number {
    const start = this.#at;
    if (start + count > this.#bytes.length) throw new NeedMoreBytes(start + count);
    this.#at = start + count;
    return start;
  }

  uint8(): number {
    return this.#bytes[this.#take(1)]!;
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** Beyond 2^53 it is rounded, which is as far beyond any file. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#take(8), true));
  }

  /** Big-endian, unlike everything else in a pickle. */
  float64(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  /** A copy: the bytes at hand are not kept alive by what is read from them. */
  bytes(count: number): Uint8Array {
    const start = this.#take(count);
    return this.#bytes.slice(start, start + count);
  }

  text(count: number): string {
    const start = this.#take(count);
    try {
      return utf8.decode(this.#bytes.subarray(start, start + count));
    } catch (cause) {
      throw this.error("wanted text in UTF-8, got other bytes. The file is damaged; get it again.", cause);
    }
  }

  /** A string of Python 2, which does not say what its bytes mean. */
  string(count: number): string {
    const start = this.#take(count);
    const raw = this.#bytes.subarray(start, start + count);
    try {
      return utf8.decode(raw);
    } catch {
      return latin1.decode(raw);
    }
  }

  /** Text up to a line feed. */
  line(): string {
    // No allowed name is near this long; without the limit, a name could be the whole file.
    const end = this.#bytes.subarray(0, this.#at + 256).indexOf(0x0a, this.#at);
    if (end < 0) {
      if (this.#bytes.length >= this.#at + 256)
        throw this.error("wanted a name of at most 255 bytes, got a longer one.");
      throw new NeedMoreBytes(this.#bytes.length + 1);
    }
    const text = this.text(end - this.#at);
    this.#at++;
    return text;
  }

  /** A little-endian two's-complement integer; a number where that is exact, else a bigint. */
  long(count: number): number | bigint {
    let value = 0n;
    const raw = this.bytes(count);
    for (let i = raw.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(raw[i]!);
    if (count > 0 && raw[count - 1]! & 0x80) value -= 1n << BigInt(8 * count);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
}
