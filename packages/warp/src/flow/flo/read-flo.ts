import { BunrakuError, tensor } from "@bunraku/backends";
import { knownPixels, type MaskedFlow, type PixelFlow } from "../pixel-flow.ts";

/** "PIEH": the bytes of 202021.25 as a little-endian float32. */
export const floTag = [0x50, 0x49, 0x45, 0x48] as const;
/** Tag, width, height. */
export const floHeader = 12;

/**
 * Reads a Middlebury `.flo` file: a flow in pixels, and where it is known.
 *
 * Convention: (u, v), u to the right and v down. Numbers beyond ±1e9 and those that are not numbers mean unknown: both
 * components become NaN, and `valid` is 0.
 *
 * @param bytes the whole file; borrowed
 * @returns Owned by the caller, about as large as the file
 * @throws `MEDIA` when it is not such a file, or not exactly as long as its width and height say
 * @see vision.middlebury.edu/flow, "Flow file format"
 */
export function readFlo(bytes: Uint8Array): MaskedFlow {
  if (bytes.length < floHeader || floTag.some((byte, i) => bytes[i] !== byte)) {
    throw new BunrakuError("MEDIA", 'readFlo: expected a .flo file, which begins with "PIEH", width and height.');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = view.getInt32(4, true);
  const height = view.getInt32(8, true);
  if (width < 1 || height < 1) {
    throw new BunrakuError("MEDIA", `readFlo: the file says ${width} × ${height} pixels; expected at least 1 × 1.`);
  }
  const wanted = floHeader + 8 * width * height; // beyond 2^53 it is rounded, and no file is as long
  if (bytes.length !== wanted) {
    throw new BunrakuError(
      "MEDIA",
      `readFlo: ${width} × ${height} pixels need ${wanted} bytes, got ${bytes.length}; the file is cut short or damaged.`,
    );
  }
  const data = new Float32Array(2 * width * height);
  for (let i = 0; i < data.length; i++) data[i] = view.getFloat32(floHeader + 4 * i, true);
  const flow: PixelFlow = tensor("float32", data, [1, height, width, 2]);
  const valid = knownPixels(flow, undefined, "readFlo flow");
  for (let i = 0; i < valid.length; i++) if (valid[i] === 0) data.fill(Number.NaN, 2 * i, 2 * i + 2);
  return { flow, valid: tensor("bool", valid, [1, height, width]) };
}
