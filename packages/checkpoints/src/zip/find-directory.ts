import { modelError } from "../model-error.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { readExactly } from "../source/read-exactly.ts";

const END = 0x06054b50;
const END_BYTES = 22;
const END_64 = 0x06064b50;
const END_64_BYTES = 56;
const LOCATOR_64 = 0x07064b50;
const LOCATOR_64_BYTES = 20;
const LARGEST_COMMENT = 0xffff;

/** Where the list of entries is. */
export interface DirectoryPlace {
  readonly entries: number;
  /** Bytes. */
  readonly offset: number;
  readonly size: number;
}

/**
 * Finds the central directory from the end of the file, zip64 or not.
 *
 * @throws `MODEL` when there is none, or the records disagree
 * @see PKWARE APPNOTE 6.3.10, sections 4.3.14 to 4.3.16
 */
export async function findDirectory(source: ByteSource): Promise<DirectoryPlace> {
  const tailBytes = Math.min(source.size, END_BYTES + LARGEST_COMMENT + LOCATOR_64_BYTES);
  const tailStart = source.size - tailBytes;
  const tail = viewOf(await readExactly(source, tailStart, tailBytes, "the end of the zip"));
  const at = findEnd(tail);
  if (at === undefined) {
    throw modelError(
      source.name,
      "the zip has no end record. It is damaged or its download was cut short; get it again.",
    );
  }
  const short = {
    entries: tail.getUint16(at + 10, true),
    size: tail.getUint32(at + 12, true),
    offset: tail.getUint32(at + 16, true),
  };
  const disks = [tail.getUint16(at + 4, true), tail.getUint16(at + 6, true)];
  if (disks.some((disk) => disk !== 0 && disk !== 0xffff))
    throw modelError(source.name, "the zip is one part of several.");

  const locator = at - LOCATOR_64_BYTES;
  const isZip64 = locator >= 0 && tail.getUint32(locator, true) === LOCATOR_64;
  const { end, ...place } = isZip64
    ? await readEnd64(source, tail, locator, short, tailStart + locator)
    : { ...short, end: tailStart + at };
  if (place.offset + place.size > end || place.entries * 46 > place.size) {
    throw modelError(
      source.name,
      `the zip says that its list has ${place.entries} entries in ${place.size} bytes at byte ${place.offset}, ` +
        `and it must end before byte ${end}. The file is damaged; get it again.`,
    );
  }
  // Some readers count from the start of the file, others from its end.
  if (place.offset + place.size !== end) {
    throw modelError(
      source.name,
      `the list of the zip ends at byte ${place.offset + place.size}, and what should follow it is at byte ${end}. ` +
        "It is damaged or made to mislead.",
    );
  }
  return place;
}

function findEnd(tail: DataView): number | undefined {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    // The comment must reach exactly to the end: otherwise it is data that looks like an end record.
    if (tail.getUint32(at, true) === END && at + END_BYTES + tail.getUint16(at + 20, true) === tail.byteLength)
      return at;
  }
  return undefined;
}

async function readEnd64(
  source: ByteSource,
  tail: DataView,
  locator: number,
  short: DirectoryPlace,
  end: number,
): Promise<DirectoryPlace & { end: number }> {
  const offset = uint64(tail, locator + 8);
  const record = viewOf(await readExactly(source, offset, END_64_BYTES, "the zip64 end record"));
  if (record.getUint32(0, true) !== END_64) {
    throw modelError(
      source.name,
      `the zip64 end record should be at byte ${offset}, and is not. The file is damaged; get it again.`,
    );
  }
  const bytes = uint64(record, 4) + 12;
  if (offset + bytes !== end) {
    throw modelError(
      source.name,
      `the zip64 end record has ${bytes} bytes at byte ${offset}, and what should follow it is at byte ${end}. ` +
        "It is damaged or made to mislead.",
    );
  }
  const long = { entries: uint64(record, 32), size: uint64(record, 40), offset: uint64(record, 48) };
  const agree =
    (short.entries === 0xffff || short.entries === long.entries) &&
    (short.size === 0xffffffff || short.size === long.size) &&
    (short.offset === 0xffffffff || short.offset === long.offset);
  // Two readers must not see two different archives in one file.
  if (!agree)
    throw modelError(source.name, "the two end records of the zip disagree. The file is damaged or made to mislead.");
  return { ...long, end: offset };
}

/** Beyond 2^53 it is rounded, which is as far beyond any file. */
export function uint64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
