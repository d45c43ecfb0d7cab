import { BunrakuError, tensor } from "@bunraku/backends";
import type { MaskedFlow } from "../pixel-flow.ts";
import { type PngImage, readPngChunks } from "./png-chunks.ts";
import { unfilter } from "./unfilter.ts";
import { inflateExactly } from "./zlib-stream.ts";

/** DEFLATE needs two bits for 258 equal bytes, and cannot do better. */
const bestRatio = 1032;
const pixelBytes = 6;

export interface ReadKittiFlowOptions {
  /** The most pixels to read; reading takes about 21 bytes for each. @default 2^24, such as 4096 × 4096 */
  readonly maxPixels?: number;
}

/**
 * Reads a KITTI flow file, a 16-bit RGB PNG: a flow in pixels, and where it is known.
 *
 * Convention: u = (R - 32768) / 64 to the right, v = (G - 32768) / 64 down, known where B is not 0. Elsewhere both
 * components are NaN (the benchmark's own program has 0).
 *
 * The header is read first. More pixels than the limit, or than the file's data could hold at DEFLATE's best, are
 * refused before anything is decompressed.
 *
 * @param bytes the whole file; borrowed, and not to be changed before the promise is settled
 * @returns Owned by the caller.
 * @throws `MEDIA` when it is not such a file, damaged, or too large
 * @throws `UNSUPPORTED` when it is interlaced
 * @throws `OPTION` when the limit is not a number of pixels
 * @see cvlibs.net/datasets/kitti, development kit of the flow benchmark, readme.txt
 */
export async function readKittiFlow(
  bytes: Uint8Array,
  { maxPixels = 2 ** 24 }: ReadKittiFlowOptions = {},
): Promise<MaskedFlow> {
  if (!(maxPixels >= 1 && maxPixels <= Number.MAX_SAFE_INTEGER)) {
    throw new BunrakuError("OPTION", `readKittiFlow: maxPixels must be a number of at least 1, got ${maxPixels}.`);
  }
  const image = readPngChunks(bytes, "readKittiFlow");
  const { width, height, parts } = image;
  expectKitti(image, maxPixels);
  const rowBytes = pixelBytes * width;
  const rows = await inflateExactly(parts, height * (1 + rowBytes), "readKittiFlow");
  unfilter(rows, rowBytes, pixelBytes, "readKittiFlow");

  const flow = new Float32Array(2 * width * height).fill(Number.NaN);
  const valid = new Uint8Array(width * height);
  for (let i = 0; i < valid.length; i++) {
    const at = pixelBytes * i + Math.floor(i / width) + 1;
    if (rows[at + 4] === 0 && rows[at + 5] === 0) continue;
    flow[2 * i] = (rows[at]! * 256 + rows[at + 1]! - 32768) / 64;
    flow[2 * i + 1] = (rows[at + 2]! * 256 + rows[at + 3]! - 32768) / 64;
    valid[i] = 1;
  }
  return { flow: tensor("float32", flow, [1, height, width, 2]), valid: tensor("bool", valid, [1, height, width]) };
}

/** Refuses what is not a KITTI flow, or larger than it can be. */
function expectKitti({ width, height, bitDepth, colourType, interlaced, parts }: PngImage, maxPixels: number): void {
  if (bitDepth !== 16 || colourType !== 2) {
    throw new BunrakuError(
      "MEDIA",
      `readKittiFlow: expected a PNG of 16-bit RGB (colour type 2), got ${bitDepth} bits of colour type ${colourType}; this is a picture, not a flow.`,
    );
  }
  if (width < 1 || height < 1) {
    throw new BunrakuError(
      "MEDIA",
      `readKittiFlow: the file says ${width} × ${height} pixels; expected at least 1 × 1.`,
    );
  }
  if (width * height > maxPixels) {
    throw new BunrakuError(
      "MEDIA",
      `readKittiFlow: the file says ${width} × ${height} pixels, and the limit is ${maxPixels}; raise maxPixels if it is right.`,
    );
  }
  const held = parts.reduce((sum, part) => sum + part.length, 0);
  if (height * (1 + pixelBytes * width) > bestRatio * held) {
    throw new BunrakuError(
      "MEDIA",
      `readKittiFlow: the file says ${width} × ${height} pixels, and its ${held} bytes of data cannot hold as many; it is cut short or damaged.`,
    );
  }
  if (interlaced) {
    throw new BunrakuError("UNSUPPORTED", "readKittiFlow: the PNG is interlaced; save it without interlacing.");
  }
}
