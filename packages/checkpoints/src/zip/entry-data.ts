import { modelError, quoted } from "../model-error.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { readExactly } from "../source/read-exactly.ts";
import { viewOf } from "./find-directory.ts";
import type { ZipEntry } from "./zip-entries.ts";

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;

/**
 * Checks that entries are stored as they are: torch.save does it so, and what is not compressed cannot be a bomb.
 *
 * @throws `MODEL`
 */
export function requireStored(name: string, entries: Iterable<ZipEntry>): void {
  for (const entry of entries) {
    if (entry.encrypted)
      throw modelError(name, `zip entry ${quoted(entry.name)} is encrypted. Unpack it and save it without.`);
    if (entry.method !== 0 || entry.size !== entry.compressedSize) {
      throw modelError(
        name,
        `zip entry ${quoted(entry.name)} is compressed; torch.save stores entries as they are, and so they are read. ` +
          "If a checkpoint was packed into a zip, unpack it first.",
      );
    }
  }
}

/** Where in the file the data of a stored entry begins. @throws `MODEL`, `FILE` */
export async function entryStart(source: ByteSource, entry: ZipEntry): Promise<number> {
  const what = `zip entry ${quoted(entry.name)}`;
  const header = viewOf(await readExactly(source, entry.offset, LOCAL_BYTES, what));
  if (header.getUint32(0, true) !== LOCAL) {
    throw modelError(
      source.name,
      `${what} should begin at byte ${entry.offset}, and does not. The file is damaged; get it again.`,
    );
  }
  const start = entry.offset + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  if (start + entry.size > entry.limit) {
    throw modelError(
      source.name,
      `${what} (${entry.size} bytes at byte ${start}) runs into what follows at byte ${entry.limit}. ` +
        "The file is damaged or made to mislead.",
    );
  }
  return start;
}

/** The data of a small stored entry. @throws `MODEL` when it is larger than `most`, `FILE` */
export async function readEntry(source: ByteSource, entry: ZipEntry, most: number): Promise<Uint8Array> {
  if (entry.size > most) {
    throw modelError(source.name, `zip entry ${quoted(entry.name)}: wanted at most ${most} bytes, got ${entry.size}.`);
  }
  return readExactly(source, await entryStart(source, entry), entry.size, `zip entry ${quoted(entry.name)}`);
}
