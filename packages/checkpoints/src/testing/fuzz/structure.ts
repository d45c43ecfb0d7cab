import { opcodes } from "../../pickle/opcodes.ts";
import { type PickleOperation, pickleOperations } from "./pickle-operations.ts";

/** A number in a file that readers rely on. Little-endian. */
export interface NumberField {
  readonly at: number;
  readonly bytes: 1 | 2 | 4 | 8;
}

/** Where a file's numbers and operations are: what a mutation must aim at to get past the first check. */
export interface Structure {
  readonly fields: readonly NumberField[];
  readonly operations: readonly PickleOperation[];
}

/** Finds the structure of a torch.save file or of safetensors. Empty for anything else. */
export function structureOf(bytes: Uint8Array): Structure {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return zipStructure(bytes);
  if (bytes[0] === 0x80) return legacyStructure(bytes);
  return { fields: bytes[8] === 0x7b ? [{ at: 0, bytes: 8 }] : [], operations: [] };
}

const record = (signature: string, ...fields: (readonly [offset: number, bytes: 2 | 4 | 8])[]) => ({
  signature,
  fields,
});

/** Flags, methods, sizes, lengths and offsets of zip records (APPNOTE 4.3). */
const records = [
  record("PK\x03\x04", [6, 2], [8, 2], [18, 4], [22, 4], [26, 2], [28, 2]),
  record("PK\x01\x02", [8, 2], [10, 2], [20, 4], [24, 4], [28, 2], [30, 2], [32, 2], [42, 4]),
  record("PK\x06\x06", [4, 8], [24, 8], [32, 8], [40, 8], [48, 8]),
  record("PK\x06\x07", [8, 8], [16, 4]),
  record("PK\x05\x06", [4, 2], [8, 2], [10, 2], [12, 4], [16, 4], [20, 2]),
];

function zipStructure(bytes: Uint8Array): Structure {
  const fields: NumberField[] = [];
  const operations: PickleOperation[] = [];
  for (let at = 0; at + 30 < bytes.length; at++) {
    if (bytes[at] !== 0x50 || bytes[at + 1] !== 0x4b) continue;
    const signature = String.fromCharCode(...bytes.subarray(at, at + 4));
    const found = records.find((candidate) => candidate.signature === signature);
    if (!found) continue;
    fields.push(...found.fields.map(([offset, size]) => ({ at: at + offset, bytes: size })));
    if (signature !== "PK\x03\x04") continue;
    const nameEnd = at + 30 + bytes[at + 26]! + 256 * bytes[at + 27]!;
    const name = String.fromCharCode(...bytes.subarray(at + 30, nameEnd));
    const start = nameEnd + bytes[at + 28]! + 256 * bytes[at + 29]!;
    if (name.endsWith("/data.pkl")) operations.push(...pickleOperations(bytes, start));
  }
  return { fields: [...fields, ...numbersOf(operations)], operations };
}

function legacyStructure(bytes: Uint8Array): Structure {
  const operations: PickleOperation[] = [];
  let at = 0;
  for (let pickle = 0; pickle < 5; pickle++) {
    const found = pickleOperations(bytes, at);
    operations.push(...found);
    if (found.at(-1)?.code !== opcodes.STOP) return { fields: numbersOf(operations), operations };
    at = found.at(-1)!.end;
  }
  // The first storage's count; where the others are, its value says.
  return { fields: [...numbersOf(operations), { at, bytes: 8 }], operations };
}

function numbersOf(operations: readonly PickleOperation[]): NumberField[] {
  return operations.flatMap(({ number }) => (number ? [number] : []));
}
