import { BunrakuError } from "@bunraku/backends";
import { knownPixels, type Mask, type PixelFlow } from "../pixel-flow.ts";
import { crc32 } from "./crc32.ts";
import { join } from "./join.ts";
import { pngSignature } from "./png-chunks.ts";
import { deflate } from "./zlib-stream.ts";

const pixelBytes = 6;

/**
 * Writes a flow in pixels as a KITTI flow file, a 16-bit RGB PNG.
 *
 * Steps are 1/64 pixel, rounded to the nearest, so that a number comes back within 1/128 pixel. What is not known is
 * black, as in the benchmark's files.
 *
 * @param flow `[1, H, W, 2]`, known values from -512 to 511.98; what is NaN, beyond 1e9 or masked is not known
 * @param options.valid `[1, H, W]`, 0 where it is not known; what `readKittiFlow` returns fits
 * @returns The bytes of the file, owned by the caller
 * @throws `OPTION` when a known value does not fit
 * @throws `SHAPE`
 */
export async function writeKittiFlow(
  flow: PixelFlow,
  { valid }: { readonly valid?: Mask | undefined } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const rows = filteredRows(flow, knownPixels(flow, valid, "writeKittiFlow flow"));
  const [, height, width] = flow.dims;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([16, 2], 8); // bits, RGB; then deflate, the five filters, not interlaced: 0
  return join([
    Uint8Array.from(pngSignature),
    chunk("IHDR", header),
    chunk("IDAT", await deflate(rows)),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** The rows of the PNG, each as its difference from the row above (filter 2): flow is smooth. */
function filteredRows(flow: PixelFlow, known: Uint8Array): Uint8Array<ArrayBuffer> {
  const [, height, width] = flow.dims;
  const rowBytes = pixelBytes * width;
  const rows = new Uint8Array(height * (1 + rowBytes));
  let above = new Uint8Array(rowBytes);
  let row = new Uint8Array(rowBytes);
  for (let y = 0; y < height; y++) {
    const view = new DataView(row.fill(0).buffer);
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (known[i] === 0) continue;
      for (let c = 0; c < 2; c++) view.setUint16(pixelBytes * x + 2 * c, encode(flow.data[2 * i + c]!, x, y));
      view.setUint16(pixelBytes * x + 4, 1);
    }
    const start = y * (1 + rowBytes);
    rows[start] = 2;
    for (let i = 0; i < rowBytes; i++) rows[start + 1 + i] = row[i]! - above[i]!; // bytes wrap around
    [row, above] = [above, row];
  }
  return rows;
}

function encode(value: number, x: number, y: number): number {
  const code = Math.round(value * 64) + 32768;
  if (code >= 0 && code <= 65535) return code;
  throw new BunrakuError(
    "OPTION",
    `writeKittiFlow: a KITTI file holds displacements from -512 to 511.98 pixels, got ${value} at (${x}, ${y}); mask it, or write a .flo file.`,
  );
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const named = join([Uint8Array.from(name, (letter) => letter.charCodeAt(0)), data]);
  const bytes = new Uint8Array(named.length + 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(named, 4);
  view.setUint32(bytes.length - 4, crc32(named));
  return bytes;
}
