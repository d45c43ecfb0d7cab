import { BunrakuError, tensor } from "@bunraku/backends";
import { toPixels } from "../../grid-sample/grid-sample.ts";
import { coordinateOf, type Flow } from "../../identity-grid/identity-grid.ts";
import { expectPixelFlow, type PixelFlow } from "../pixel-flow.ts";

/** How far from itself each pixel reads, in a flow's own units: `[1, H, W, 2]`, (x, y), 2 is the whole picture. */
export type FlowOffsets = Flow;

/** How the model that made a flow samples: as in `gridSample`, but aligned unless said otherwise. */
export interface Alignment {
  /** Whether -1 and 1 are the centres (true) or the outer edges (false) of the corner pixels. @default true */
  readonly alignCorners?: boolean;
}

/**
 * A flow as displacements in pixels of its own map.
 *
 * Aligned, displacements are counted from `identityGrid`: the identity is zero to the last bit. A side of one pixel has
 * no distances when corners are aligned: nothing moves along it. What is not a number stays so.
 *
 * @returns Owned by the caller. `flowFromPixels` gives the flow back, within rounding of float32.
 * @throws `SHAPE`
 */
export function flowToPixels(flow: Flow, { alignCorners = true }: Alignment = {}): PixelFlow {
  return perNumber(flow, "flowToPixels", (value, index, size) =>
    alignCorners ? ((value - coordinateOf(index, size)) * (size - 1)) / 2 : toPixels(value, size, false) - index,
  );
}

/**
 * The flow of displacements in pixels: the inverse of `flowToPixels`.
 *
 * @returns Owned by the caller.
 * @throws `OPTION` when something moves along a side of one pixel: with aligned corners no flow says so
 * @throws `SHAPE`
 */
export function flowFromPixels(pixels: PixelFlow, { alignCorners = true }: Alignment = {}): Flow {
  return perNumber(pixels, "flowFromPixels", (value, index, size) =>
    alignCorners
      ? coordinateOf(index, size) + shareOf(value, size, "flowFromPixels")
      : (2 * (index + value) + 1) / size - 1,
  );
}

/**
 * A flow less the identity: displacements in the flow's own units, where 2 is from corner to corner.
 *
 * @returns Owned by the caller. `flowFromOffsets` gives the flow back, within rounding of float32.
 * @throws `SHAPE`
 */
export function flowToOffsets(flow: Flow): FlowOffsets {
  return perNumber(flow, "flowToOffsets", (value, index, size) => value - coordinateOf(index, size));
}

/**
 * The identity and displacements in the flow's own units: the inverse of `flowToOffsets`.
 *
 * @returns Owned by the caller.
 * @throws `SHAPE`
 */
export function flowFromOffsets(offsets: FlowOffsets): Flow {
  return perNumber(offsets, "flowFromOffsets", (value, index, size) => coordinateOf(index, size) + value);
}

/**
 * Displacements in the flow's own units as displacements in pixels, corners aligned.
 *
 * @returns Owned by the caller. `pixelsToOffsets` is the inverse, within rounding of float32.
 * @throws `SHAPE`
 */
export function offsetsToPixels(offsets: FlowOffsets): PixelFlow {
  return perNumber(offsets, "offsetsToPixels", (value, _, size) => (value * (size - 1)) / 2);
}

/**
 * Displacements in pixels in the flow's own units, corners aligned: the inverse of `offsetsToPixels`.
 *
 * @returns Owned by the caller.
 * @throws `OPTION` when something moves along a side of one pixel
 * @throws `SHAPE`
 */
export function pixelsToOffsets(pixels: PixelFlow): FlowOffsets {
  return perNumber(pixels, "pixelsToOffsets", (value, _, size) => shareOf(value, size, "pixelsToOffsets"));
}

/** Pixels in the flow's own units: 2 is from corner to corner. */
function shareOf(value: number, size: number, who: string): number {
  if (size > 1) return (2 * value) / (size - 1);
  if (value === 0 || Number.isNaN(value)) return value;
  throw new BunrakuError(
    "OPTION",
    `${who}: a side of one pixel has no distances when corners are aligned, got a displacement of ${value} along it; use alignCorners: false, or displace by 0.`,
  );
}

/** A map of the same dims, each number made of its value, its column or row, and the width or height. */
function perNumber(
  from: Flow | PixelFlow,
  who: string,
  make: (value: number, index: number, size: number) => number,
): Flow {
  const { dims, data } = expectPixelFlow(from, `${who} flow`);
  const [, height, width] = dims;
  const out = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 2 * (y * width + x);
      out[at] = make(data[at]!, x, width);
      out[at + 1] = make(data[at + 1]!, y, height);
    }
  }
  return tensor("float32", out, [1, height, width, 2]);
}
