import { modelError, quoted } from "../model-error.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { readExactly } from "../source/read-exactly.ts";
import { findDirectory, uint64, viewOf } from "./find-directory.ts";

const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
// 100 000 tensors with long names; the largest official file has 800.
const LARGEST_DIRECTORY = 16 * 2 ** 20;

/** An entry as the central directory lists it. Sizes and offsets are in bytes. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  readonly compressedSize: number;
  /** 0 is stored; the others compress. */
  readonly method: number;
  readonly encrypted: boolean;
  /** Where its local header is. */
  readonly offset: number;
  /** Where the next entry, or the directory, begins: it must end before. */
  readonly limit: number;
}

/**
 * The entries of a zip by name.
 *
 * @throws `MODEL` when the directory is damaged, names one entry twice, or lets entries overlap
 */
export async function zipEntries(source: ByteSource): Promise<ReadonlyMap<string, ZipEntry>> {
  const place = await findDirectory(source);
  if (place.size > LARGEST_DIRECTORY) {
    throw modelError(source.name, `wanted a zip list of at most ${LARGEST_DIRECTORY} bytes, got ${place.size}.`);
  }
  const bytes = await readExactly(source, place.offset, place.size, "the list of zip entries");
  const entries = new Map<string, ZipEntry>();
  for (let at = 0, index = 0; index < place.entries; index++) {
    const { entry, length } = readEntry(source.name, bytes, at);
    if (entries.has(entry.name)) {
      throw modelError(source.name, `the zip has two entries ${quoted(entry.name)}. It is damaged or made to mislead.`);
    }
    entries.set(entry.name, entry);
    at += length;
  }
  return withLimits(source.name, entries, place.offset);
}

function readEntry(name: string, bytes: Uint8Array, at: number): { entry: ZipEntry; length: number } {
  const view = viewOf(bytes);
  const damaged = () => modelError(name, "the list of zip entries is damaged. Get the file again.");
  if (at + ENTRY_BYTES > bytes.length || view.getUint32(at, true) !== ENTRY) throw damaged();
  const nameBytes = view.getUint16(at + 28, true);
  const extraBytes = view.getUint16(at + 30, true);
  const length = ENTRY_BYTES + nameBytes + extraBytes + view.getUint16(at + 32, true);
  if (at + length > bytes.length) throw damaged();
  const extraStart = at + ENTRY_BYTES + nameBytes;
  const [size, compressedSize, offset] = longFields(
    [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)],
    viewOf(bytes.subarray(extraStart, extraStart + extraBytes)),
  );
  const entry: ZipEntry = {
    name: new TextDecoder().decode(bytes.subarray(at + ENTRY_BYTES, extraStart)),
    size: size!,
    compressedSize: compressedSize!,
    method: view.getUint16(at + 10, true),
    encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
    offset: offset!,
    limit: 0,
  };
  return { entry, length };
}

/** A zip64 extra field holds, in this order, those of the values that do not fit in 32 bits. */
function longFields(values: number[], extra: DataView): number[] {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 0x0001) continue;
    let from = at + 4;
    return values.map((value) => {
      if (value !== 0xffffffff || from + 8 > extra.byteLength) return value;
      from += 8;
      return uint64(extra, from - 8);
    });
  }
  return values;
}

function withLimits(name: string, entries: Map<string, ZipEntry>, end: number): Map<string, ZipEntry> {
  const byOffset = [...entries.values()].sort((a, b) => a.offset - b.offset);
  byOffset.forEach((entry, index) => {
    const limit = byOffset[index + 1]?.offset ?? end;
    if (entry.offset + LOCAL_BYTES + entry.compressedSize > limit) {
      throw modelError(
        name,
        `zip entry ${quoted(entry.name)} (${entry.compressedSize} bytes at byte ${entry.offset}) runs into what follows at byte ${limit}. ` +
          "The file is damaged or made to mislead.",
      );
    }
    entries.set(entry.name, { ...entry, limit });
  });
  return entries;
}
