import { modelError } from "../model-error.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { readExactly } from "../source/read-exactly.ts";
import { pickleLimits } from "./limits.ts";
import { NeedMoreBytes } from "./pickle-bytes.ts";
import { type Unpickled, unpickle } from "./unpickle.ts";

const FIRST_CHUNK = 64 * 2 ** 10;

/**
 * Reads the pickle that begins at `offset` of a file, and not much more of the file than that.
 *
 * A pickle does not say how long it is: it is tried on a chunk, and again on a larger one. Chunks grow fourfold, so all
 * tries together cost a third more than one.
 *
 * @param end Where it must have ended. @default the end of the file
 * @throws `MODEL`, `FILE`
 */
export async function unpickleFrom(source: ByteSource, offset: number, end = source.size): Promise<Unpickled> {
  const available = Math.min(end - offset, pickleLimits.bytes);
  for (let length = Math.min(FIRST_CHUNK, available); ; ) {
    const bytes = await readExactly(source, offset, length, "a pickle");
    try {
      return unpickle(bytes, source.name, offset);
    } catch (error) {
      if (!(error instanceof NeedMoreBytes)) throw error;
      if (error.needed > available) throw tooLong(source, offset, end, error.needed);
      length = Math.min(Math.max(4 * length, error.needed), available);
    }
  }
}

function tooLong(source: ByteSource, offset: number, end: number, needed: number): Error {
  if (offset + needed <= end) {
    return modelError(
      source.name,
      `wanted a pickle of at most ${pickleLimits.bytes} bytes at byte ${offset}, got a longer one.`,
    );
  }
  return modelError(
    source.name,
    `the pickle at byte ${offset} needs at least ${needed} bytes, and there are ${end - offset}. ` +
      "The file is damaged or its download was cut short; get it again.",
  );
}
