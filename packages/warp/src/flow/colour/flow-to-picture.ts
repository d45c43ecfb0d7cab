import { BunrakuError } from "@bunraku/backends";
import type { Picture } from "../../pixels/picture.ts";
import { knownPixels, type Mask, type PixelFlow } from "../pixel-flow.ts";
import { paintDisplacement, wheelHues } from "./hues.ts";

export interface FlowToPictureOptions {
  /** The length in pixels that gets the full colour. @default the longest in this flow; give one to compare pictures */
  readonly maxRadius?: number | undefined;
  /** `[1, H, W]`: 0 makes a pixel black. */
  readonly valid?: Mask | undefined;
}

/**
 * A flow in the colours of Middlebury: direction as hue, length as saturation.
 *
 * White stands still, red goes right, yellow down, cyan-green left and blue up; longer than `maxRadius` is darker; what
 * is not known (NaN, beyond 1e9, or masked) is black. `colourWheel` is the legend.
 *
 * @param flow displacements in pixels, `[1, H, W, 2]`; `flowToPixels` makes them from a flow
 * @returns An opaque picture, owned by the caller
 * @throws `OPTION` when `maxRadius` is not a length above 0
 * @throws `SHAPE`
 * @see Baker et al., "A database and evaluation methodology for optical flow" (2007), figure 7
 */
export function flowToPicture(flow: PixelFlow, { maxRadius, valid }: FlowToPictureOptions = {}): Picture {
  if (maxRadius !== undefined && !(maxRadius > 0 && maxRadius < Infinity)) {
    throw new BunrakuError("OPTION", `flowToPicture: maxRadius must be a length in pixels above 0, got ${maxRadius}.`);
  }
  const known = knownPixels(flow, valid, "flowToPicture flow");
  const [, height, width] = flow.dims;
  const radius = maxRadius ?? (longest(flow, known) || 1);
  const hues = wheelHues();
  const data = new Uint8ClampedArray(4 * known.length);
  for (let i = 0; i < known.length; i++) {
    if (known[i] === 1)
      paintDisplacement(hues, flow.data[2 * i]! / radius, flow.data[2 * i + 1]! / radius, data, 4 * i);
    else data[4 * i + 3] = 255;
  }
  return { width, height, data };
}

/** The length of the longest known displacement. */
function longest(flow: PixelFlow, known: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < known.length; i++) {
    if (known[i] === 1) length = Math.max(length, Math.hypot(flow.data[2 * i]!, flow.data[2 * i + 1]!));
  }
  return length;
}
