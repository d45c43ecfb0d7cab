import { opcodes as op } from "../../pickle/opcodes.ts";

/** One operation of a pickle: where it is, and where the number is that says how long its argument is, if it has one. */
export interface PickleOperation {
  readonly code: number;
  readonly at: number;
  /** Where the next one begins. */
  readonly end: number;
  /** A number in it: an integer, a length, a memo index. */
  readonly number?: { readonly at: number; readonly bytes: 1 | 2 | 4 | 8 };
  /** `module.name` of a GLOBAL. */
  readonly global?: string;
}

const numbers = new Map<number, 1 | 2 | 4 | 8>([
  ...[op.BININT1, op.BINPUT, op.BINGET, op.PROTO].map((code) => [code, 1] as const),
  [op.BININT2, 2],
  ...[op.BININT, op.LONG_BINPUT, op.LONG_BINGET].map((code) => [code, 4] as const),
  ...[op.BINFLOAT, op.FRAME].map((code) => [code, 8] as const),
]);

/** Opcodes followed by a length and as many bytes. */
const lengths = new Map<number, 1 | 4 | 8>([
  ...[op.LONG1, op.SHORT_BINUNICODE, op.SHORT_BINSTRING, op.SHORT_BINBYTES].map((code) => [code, 1] as const),
  ...[op.LONG4, op.BINUNICODE, op.BINSTRING, op.BINBYTES].map((code) => [code, 4] as const),
  ...[op.BINUNICODE8, op.BINBYTES8].map((code) => [code, 8] as const),
]);

/**
 * Takes a pickle apart, independently of the reader under test: up to STOP, or to what cannot be taken apart.
 */
export function pickleOperations(bytes: Uint8Array, start: number): PickleOperation[] {
  const operations: PickleOperation[] = [];
  let at = start;
  while (at < bytes.length) {
    const code = bytes[at]!;
    const operation = operationAt(bytes, at, code);
    if (!operation || operation.end > bytes.length) break;
    operations.push(operation);
    at = operation.end;
    if (code === op.STOP) break;
  }
  return operations;
}

function operationAt(bytes: Uint8Array, at: number, code: number): PickleOperation | undefined {
  const size = numbers.get(code);
  if (size) return { code, at, end: at + 1 + size, number: { at: at + 1, bytes: size } };
  const lengthBytes = lengths.get(code);
  if (lengthBytes) {
    let length = 0;
    for (let i = lengthBytes; i >= 1; i--) length = length * 256 + (bytes[at + i] ?? 0);
    return { code, at, end: at + 1 + lengthBytes + length, number: { at: at + 1, bytes: lengthBytes } };
  }
  if (code !== op.GLOBAL) return { code, at, end: at + 1 };
  const first = bytes.indexOf(0x0a, at);
  const second = first < 0 ? -1 : bytes.indexOf(0x0a, first + 1);
  if (second < 0) return undefined;
  const text = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to));
  return { code, at, end: second + 1, global: `${text(at + 1, first)}.${text(first + 1, second)}` };
}
