import { expect, test } from "vitest";
import { stingyFile } from "../../testing/stingy-file.ts";
import { moveIndexToFront } from "./fast-start.ts";

const MEDIA = 5000;

test("the index comes before the media data, and its offsets follow, however few bytes are moved at once", async () => {
  const file = stingyFile({ atOnce: 7, holds: movie() });
  await moveIndexToFront(file);
  const [head, media, index] = [movie().subarray(0, 16), movie().subarray(16, 16 + MEDIA), moov(24 + moov(0).length)];
  expect(Buffer.compare(file.bytes, Buffer.concat([head, index, media]))).toBe(0);
});

test("a disk that is full while bytes are moved is an error", async () => {
  const file = stingyFile({ atOnce: 7, room: MEDIA, holds: movie() });
  await expect(moveIndexToFront(file)).rejects.toMatchObject({ code: "ENOSPC" });
});

test("a file that lacks its end is an error, and not left as it is", async () => {
  const file = stingyFile({ atOnce: 1000, holds: movie().subarray(0, -20) });
  await expect(moveIndexToFront(file)).rejects.toThrow(/the box at 5016 has 60 bytes, which the file has not/);
});

/** ftyp, mdat, moov: as small as a movie is for the mover. */
function movie(): Uint8Array {
  const content = Uint8Array.from({ length: MEDIA - 8 }, (_, i) => i % 251);
  return Buffer.concat([box("ftyp", new Uint8Array(8)), box("mdat", content), moov(24)]);
}

/** An index with one chunk. */
function moov(offset: number): Uint8Array {
  const chunks = Buffer.alloc(12);
  chunks.writeUInt32BE(1, 4);
  chunks.writeUInt32BE(offset, 8);
  return ["stbl", "minf", "mdia", "trak", "moov"].reduce((inner, type) => box(type, inner), box("stco", chunks));
}

function box(type: string, content: Uint8Array): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, content]);
}
