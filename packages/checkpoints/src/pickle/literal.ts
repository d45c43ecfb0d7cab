import { pickleLimits } from "./limits.ts";
import { opcodes as op } from "./opcodes.ts";
import type { PickleBytes } from "./pickle-bytes.ts";
import type { PickleValue } from "./values.ts";

/**
 * The value of an opcode that stands for one by itself: a number, a string, None.
 *
 * @returns undefined for every other opcode; nothing is read then
 */
export function literal(code: number, reader: PickleBytes): PickleValue | undefined {
  switch (code) {
    case op.NONE:
      return null;
    case op.NEWTRUE:
      return true;
    case op.NEWFALSE:
      return false;
    case op.BININT:
      return reader.int32();
    case op.BININT1:
      return reader.uint8();
    case op.BININT2:
      return reader.uint16();
    case op.LONG1:
      return long(reader.uint8(), reader);
    case op.LONG4:
      return long(reader.uint32(), reader);
    case op.BINFLOAT:
      return reader.float64();

    case op.SHORT_BINUNICODE:
      return reader.text(reader.uint8());
    case op.BINUNICODE:
      return reader.text(reader.uint32());
    case op.BINUNICODE8:
      return reader.text(reader.uint64());
    case op.SHORT_BINSTRING:
      return reader.string(reader.uint8());
    case op.BINSTRING:
      return reader.string(reader.uint32());
    case op.SHORT_BINBYTES:
      return reader.bytes(reader.uint8());
    case op.BINBYTES:
      return reader.bytes(reader.uint32());
    case op.BINBYTES8:
      return reader.bytes(reader.uint64());
    default:
      return undefined;
  }
}

function long(count: number, reader: PickleBytes): number | bigint {
  if (count > pickleLimits.longBytes) {
    throw reader.error(`wanted an integer of at most ${pickleLimits.longBytes} bytes, got one of ${count}.`);
  }
  return reader.long(count);
}
