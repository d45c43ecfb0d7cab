import type { ByteSource } from "../source/byte-source.ts";
import { readExactly } from "../source/read-exactly.ts";
import { LENGTH_BYTES } from "./safetensors-types.ts";

/** Whether a file begins like safetensors, whatever its name: a header length below 4 GiB, then a brace. */
export async function isSafetensors(source: ByteSource): Promise<boolean> {
  return looksLikeSafetensors(await readExactly(source, 0, Math.min(source.size, LENGTH_BYTES + 1), "the file"));
}

/** The same for the first bytes of a file. No pickle and no zip begins so: their fifth bytes are not zero. */
export function looksLikeSafetensors(head: Uint8Array): boolean {
  if (head.length <= LENGTH_BYTES || head[LENGTH_BYTES] !== 0x7b) return false;
  return new DataView(head.buffer, head.byteOffset).getBigUint64(0, true) < 2n ** 32n;
}
