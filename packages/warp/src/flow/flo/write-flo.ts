import { knownPixels, type Mask, type PixelFlow } from "../pixel-flow.ts";
import { floHeader, floTag } from "./read-flo.ts";

/** What Middlebury's own program writes for unknown. */
const unknown = 1e10;

/**
 * Writes a flow in pixels as a Middlebury `.flo` file.
 *
 * @param flow `[1, H, W, 2]`; what is NaN, beyond ±1e9 or masked is written as unknown, 1e10
 * @param options.valid `[1, H, W]`, 0 where it is unknown; what `readFlo` returns fits
 * @returns The bytes of the file, owned by the caller; `readFlo` gives the same numbers back
 * @throws `SHAPE`
 */
export function writeFlo(
  flow: PixelFlow,
  { valid }: { readonly valid?: Mask | undefined } = {},
): Uint8Array<ArrayBuffer> {
  const known = knownPixels(flow, valid, "writeFlo flow");
  const [, height, width] = flow.dims;
  const bytes = new Uint8Array(floHeader + 8 * known.length);
  bytes.set(floTag);
  const view = new DataView(bytes.buffer);
  view.setInt32(4, width, true);
  view.setInt32(8, height, true);
  for (let i = 0; i < known.length; i++) {
    for (let c = 0; c < 2; c++) {
      view.setFloat32(floHeader + 4 * (2 * i + c), known[i] === 1 ? flow.data[2 * i + c]! : unknown, true);
    }
  }
  return bytes;
}
