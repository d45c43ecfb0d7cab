import { BunrakuError } from "@bunraku/backends";
import { buildKeypoints, type KeypointLayout, partsIn } from "../keypoint-layout/keypoint-layout.ts";
import { encodeHeader, largestHeader, type MotionClipHeader } from "./clip-header.ts";
import type { MotionFrame } from "./motion-clip.ts";

/** Not text in any encoding, and changed by whatever changes line ends (as in PNG): "\x89BKM\r\n\x1a\n". */
const magic = Uint8Array.of(0x89, 0x42, 0x4b, 0x4d, 0x0d, 0x0a, 0x1a, 0x0a);
/** Where a record has its time: "BKMEND" and a NaN, which no time is. */
const endMark = Uint8Array.of(0x42, 0x4b, 0x4d, 0x45, 0x4e, 0x44, 0xff, 0xff);

/** Bytes before the header: the magic, its length, nothing. */
export const prefixBytes = 16;
/** Bytes after the records: the mark, how many they are, CRC-32 of everything before it. No record is shorter. */
export const trailerBytes = 16;
/** CRC-32 is over all but itself. */
export const checksumBytes = 4;

/** Bytes of one record: the time, the parts, and what rounds it up to eight. */
export function recordBytes(layout: KeypointLayout): number {
  const floats = partsIn(layout).reduce((sum, { size }) => sum + size, 0) * layout.keypoints;
  return 8 + Math.ceil(floats / 2) * 8;
}

/** Prefix and header, with spaces that round it up to eight bytes. */
export function encodeBeginning(header: MotionClipHeader): Uint8Array {
  const json = encodeHeader(header);
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(prefixBytes + length).fill(0x20, prefixBytes);
  bytes.set(magic);
  viewOf(bytes).setUint32(8, length, true);
  bytes.set(json, prefixBytes);
  return bytes;
}

/** The length of the header that follows. @throws `FILE` when the prefix is not that of a motion clip */
export function decodePrefix(bytes: Uint8Array, file: string): number {
  if (!magic.every((byte, at) => bytes[at] === byte)) {
    const got = bytes.length === 0 ? "an empty file" : "some other format";
    throw new BunrakuError("FILE", `${file}: wanted a motion clip (.bkmotion), got ${got}.`);
  }
  if (bytes.length < prefixBytes) throw cutShort(file);
  const length = viewOf(bytes).getUint32(8, true);
  if (length > largestHeader || length % 8 !== 0) {
    throw new BunrakuError(
      "FILE",
      `${file}: wanted a header of at most ${largestHeader} bytes, in steps of 8, got ${length}. The file is damaged.`,
    );
  }
  return length;
}

export function encodeRecord({ timestamp, keypoints }: MotionFrame, layout: KeypointLayout): Uint8Array {
  const bytes = new Uint8Array(recordBytes(layout));
  const view = viewOf(bytes);
  view.setFloat64(0, timestamp, true);
  let at = 8;
  for (const { name } of partsIn(layout)) {
    for (const value of keypoints[name]!.data) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

/** @throws `FILE` when a number is not finite, a confidence not in [0, 1], or a time not after the one `before` */
export function decodeRecord(
  bytes: Uint8Array,
  layout: KeypointLayout,
  { file, index, before }: { file: string; index: number; before: number | undefined },
): MotionFrame {
  const view = viewOf(bytes);
  const refuse = (problem: string) =>
    new BunrakuError("FILE", `${file}: frame ${index} ${problem}. The file is damaged.`);
  const timestamp = view.getFloat64(0, true);
  if (!Number.isFinite(timestamp) || (before !== undefined && timestamp <= before)) {
    throw refuse(`is at ${timestamp} seconds${before === undefined ? "" : `, after one at ${before}`}`);
  }
  let at = 8;
  const keypoints = buildKeypoints(layout, (name, data) => {
    for (let i = 0; i < data.length; i++, at += 4) {
      const value = view.getFloat32(at, true);
      if (!Number.isFinite(value)) throw refuse(`has ${name} that are not finite numbers`);
      if (name === "confidences" && (value < 0 || value > 1)) throw refuse(`has a confidence of ${value}`);
      data[i] = value;
    }
  });
  return { timestamp, keypoints };
}

/** The trailer but for its checksum, which is over these bytes, too. */
export function encodeEnd(count: number): Uint8Array {
  const bytes = new Uint8Array(trailerBytes - checksumBytes);
  bytes.set(endMark);
  viewOf(bytes).setUint32(endMark.length, count, true);
  return bytes;
}

export function encodeChecksum(crc: number): Uint8Array {
  const bytes = new Uint8Array(checksumBytes);
  viewOf(bytes).setUint32(0, crc, true);
  return bytes;
}

/** Whether a trailer begins here, rather than a record. */
export function isEnd(bytes: Uint8Array): boolean {
  return endMark.every((byte, at) => bytes[at] === byte);
}

/** @throws `FILE` when the trailer belongs to another number of frames or other bytes */
export function checkTrailer(trailer: Uint8Array, { file, count, crc }: { file: string; count: number; crc: number }) {
  const view = viewOf(trailer);
  const said = view.getUint32(8, true);
  if (said !== count) {
    throw new BunrakuError("FILE", `${file}: its end says ${said} frames, and it has ${count}. The file is damaged.`);
  }
  if (view.getUint32(12, true) !== crc) {
    throw new BunrakuError(
      "FILE",
      `${file}: its checksum is not that of its bytes. The file is damaged; get it again.`,
    );
  }
}

export function cutShort(file: string): BunrakuError {
  return new BunrakuError("FILE", `${file}: the motion clip has no end; it was cut short. Get it again.`);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
