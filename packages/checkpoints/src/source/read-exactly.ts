import { BunrakuError } from "@bunraku/backends";
import { modelError } from "../model-error.ts";
import type { ByteSource } from "./byte-source.ts";

/**
 * Reads exactly `length` bytes, all inside the file: what a file says about itself is checked before memory is taken.
 *
 * @param what What is read, for the message.
 * @throws `MODEL` when the range is not in the file, `FILE` when the source gives less or fails
 */
export async function readExactly(
  source: ByteSource,
  offset: number,
  length: number,
  what: string,
): Promise<Uint8Array> {
  if (!(Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0)) {
    throw modelError(source.name, `${what} should be at byte ${offset}, ${length} bytes long; no file is like that.`);
  }
  if (offset + length > source.size) {
    throw modelError(
      source.name,
      `${what} needs bytes ${offset} to ${offset + length}, and the file ends at byte ${source.size}. ` +
        "It is damaged or its download was cut short; get it again.",
    );
  }
  if (length === 0) return new Uint8Array(0);
  let bytes: Uint8Array;
  try {
    bytes = await source.read(offset, length);
  } catch (cause) {
    if (BunrakuError.is(cause)) throw cause;
    throw new BunrakuError("FILE", `${source.name}: reading ${length} bytes at byte ${offset} failed.`, { cause });
  }
  if (bytes.length !== length) {
    throw new BunrakuError(
      "FILE",
      `${source.name}: asked for ${length} bytes at byte ${offset}, got ${bytes.length}. ` +
        "The file may have changed while it was read; try again.",
    );
  }
  return bytes;
}
