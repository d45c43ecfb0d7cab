import type { FileHandle } from "node:fs/promises";
import { writeAll } from "./write-all.ts";

type OpenFile = Pick<FileHandle, "read" | "write" | "stat">;

const CHUNK = 4 * 2 ** 20;

/**
 * Moves the index of an MP4 file before its media data, so that it plays while it loads.
 *
 * Works in place with a few MiB of memory, whatever the length: the media data is shifted from its end on, then the
 * index is written into the gap. A file whose 32-bit offsets would overflow (just below 4 GiB) is left as it is: it
 * plays, only not before it is loaded.
 */
export async function moveIndexToFront(file: OpenFile): Promise<void> {
  const boxes = await topLevelBoxes(file);
  const index = boxes.find((box) => box.type === "moov");
  const media = boxes.find((box) => box.type === "mdat");
  if (!index || !media || index.at < media.at) return;
  const moov = new Uint8Array(index.size);
  await readAll(file, moov, index.at);
  if (!shiftOffsets(moov, index.size)) return;
  await shift(file, media.at, index.at, index.size);
  await writeAll(file, moov, media.at);
}

interface Box {
  readonly type: string;
  readonly at: number;
  readonly size: number;
}

async function topLevelBoxes(file: OpenFile): Promise<Box[]> {
  const { size: end } = await file.stat();
  const boxes: Box[] = [];
  const head = new Uint8Array(16);
  const view = new DataView(head.buffer);
  for (let at = 0; at + 8 <= end; ) {
    await readAll(file, head.subarray(0, Math.min(16, end - at)), at);
    const short = view.getUint32(0);
    const size = short === 1 ? Number(view.getBigUint64(8)) : short === 0 ? end - at : short;
    boxes.push({ type: String.fromCharCode(...head.subarray(4, 8)), at, size });
    if (size < 8 || at + size > end) throw new Error(`the box at ${at} has ${size} bytes, which the file has not`);
    at += size;
  }
  return boxes;
}

/** Adds `by` to every chunk offset in an index; false when one would not fit its field. */
function shiftOffsets(moov: Uint8Array, by: number): boolean {
  const view = new DataView(moov.buffer, moov.byteOffset, moov.byteLength);
  const containers = new Set(["moov", "trak", "mdia", "minf", "stbl"]);
  let fits = true;
  const visit = (from: number, to: number) => {
    for (let at = from; at + 8 <= to; ) {
      const size = view.getUint32(at);
      if (size < 8) return;
      const type = String.fromCharCode(...moov.subarray(at + 4, at + 8));
      if (containers.has(type)) visit(at + 8, at + size);
      else if (type === "stco" || type === "co64") {
        const count = view.getUint32(at + 12);
        for (let i = 0; i < count; i++) {
          if (type === "co64") {
            const field = at + 16 + i * 8;
            view.setBigUint64(field, view.getBigUint64(field) + BigInt(by));
          } else {
            const offset = view.getUint32(at + 16 + i * 4) + by;
            if (offset > 0xffffffff) fits = false;
            view.setUint32(at + 16 + i * 4, offset);
          }
        }
      }
      at += size;
    }
  };
  visit(0, moov.length);
  return fits;
}

/** Moves the bytes from `start` to `end` of a file `by` bytes towards its end. */
async function shift(file: OpenFile, start: number, end: number, by: number): Promise<void> {
  const chunk = new Uint8Array(CHUNK);
  for (let to = end; to > start; ) {
    const count = Math.min(CHUNK, to - start);
    await readAll(file, chunk.subarray(0, count), to - count);
    await writeAll(file, chunk.subarray(0, count), to - count + by);
    to -= count;
  }
}

/** Fills `bytes` from a place of a file: one read may bring less than it was asked for. */
async function readAll(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, position + at);
    if (bytesRead === 0) throw new Error(`the file ends at ${position + at}, before its index was moved`);
    at += bytesRead;
  }
}
