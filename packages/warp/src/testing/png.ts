import { deflateSync } from "node:zlib";
import { crc32 } from "../flow/kitti/crc32.ts";

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export interface PngParts {
  readonly width: number;
  readonly height: number;
  readonly bitDepth?: number;
  readonly colourType?: number;
  /** The filtered rows, which need not fit the size. */
  readonly rows: Uint8Array;
}

export function pngChunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(name, 4, "latin1");
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}

/** A PNG that says what it is told to, with sound checksums. */
export function pngFile({ width, height, bitDepth = 16, colourType = 2, rows }: PngParts): Uint8Array {
  return pngOf(
    pngHeader(width, height, bitDepth, colourType),
    pngChunk("IDAT", deflateSync(rows)),
    pngChunk("IEND", new Uint8Array(0)),
  );
}

export function pngHeader(width: number, height: number, bitDepth = 16, colourType = 2, interlace = 0): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, colourType, 0, 0, interlace], 8);
  return pngChunk("IHDR", header);
}

export function pngOf(...chunks: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat([Buffer.from(signature), ...chunks]));
}

/** The same file with the checksums that its chunks would have, as far as their lengths lead. */
export function withSoundChecksums(file: Uint8Array): Uint8Array {
  const bytes = Buffer.from(file);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) break;
    bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return new Uint8Array(bytes);
}
