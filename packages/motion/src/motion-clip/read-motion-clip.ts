import { BunrakuError } from "@bunraku/backends";
import {
  checksumBytes,
  checkTrailer,
  cutShort,
  decodePrefix,
  decodeRecord,
  isEnd,
  prefixBytes,
  recordBytes,
  trailerBytes,
} from "./clip-bytes.ts";
import { decodeHeader } from "./clip-header.ts";
import { crc32 } from "./crc32.ts";
import { expectClipLength, expectInitial, type MotionClip, type MotionFrame } from "./motion-clip.ts";

export interface ReadMotionOptions {
  /** What messages call the file. @default "motion clip" */
  readonly name?: string;
}

/**
 * Reads a motion clip, and checks all of it: fields, numbers, length and checksum. Fields of unknown names are kept.
 *
 * @param bytes a whole file, from anywhere; borrowed
 * @returns The clip, owned by the caller
 * @throws `FILE` when it is damaged, cut short or something else; `UNSUPPORTED` when it was written by a later version, or
 * is too long to be held in memory (`readMotionFrames` reads it)
 */
export function readMotionClip(bytes: Uint8Array, { name: file = "motion clip" }: ReadMotionOptions = {}): MotionClip {
  const recordsAt = prefixBytes + decodePrefix(bytes.subarray(0, prefixBytes), file);
  const recordsEnd = bytes.length - trailerBytes;
  if (recordsEnd < recordsAt) throw cutShort(file);
  const header = decodeHeader(bytes.subarray(prefixBytes, recordsAt), file);
  const trailer = bytes.subarray(recordsEnd);
  if (!isEnd(trailer)) throw cutShort(file);
  const step = recordBytes(header);
  const count = (recordsEnd - recordsAt) / step;
  if (!Number.isInteger(count)) {
    throw new BunrakuError(
      "FILE",
      `${file}: wanted whole records of ${step} bytes, got ${recordsEnd - recordsAt} bytes of them. The file is damaged.`,
    );
  }
  checkTrailer(trailer, { file, count, crc: crc32(bytes.subarray(0, bytes.length - checksumBytes)) });
  expectInitial(header, count, "FILE", file);
  expectClipLength(count, file);
  const frames: MotionFrame[] = [];
  for (let index = 0; index < count; index++) {
    const at = recordsAt + index * step;
    const before = frames[index - 1]?.timestamp;
    frames.push(decodeRecord(bytes.subarray(at, at + step), header, { file, index, before }));
  }
  return { header, frames };
}
