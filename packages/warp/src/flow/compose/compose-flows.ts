import { tensor, zeros } from "@bunraku/backends";
import { coordinateOf, type Flow } from "../../identity-grid/identity-grid.ts";
import { lookUp, placeOf } from "../lookup/look-up.ts";
import { expectPixelFlow, type Mask } from "../pixel-flow.ts";

/** The last coordinate inside, and the rounding of float32. */
const edge = 1 + 2 ** -23;

export interface ComposedFlow {
  /** Reads through both flows; as large as `second`. */
  readonly flow: Flow;
  /** 1 where `second` reads inside `first` and both flows are numbers. */
  readonly valid: Mask;
}

/**
 * One flow that reads through two: what warping by `first`, and the result by `second`, would read.
 *
 * Convention: the result at x is first(second(x)), bilinear; for affine flows, the matrix of `first` times that of
 * `second`. Corners are aligned.
 *
 * Between the pixels of `first`, its displacement is interpolated. Outside of it, the displacement of its nearest border
 * goes on: for translations that is what lies there, for other flows a guess, and `valid` is 0. A place that is not a
 * number stays so.
 *
 * @param first `[1, H, W, 2]`, applied first
 * @param second `[1, Ho, Wo, 2]`, any size
 * @returns `[1, Ho, Wo, 2]` and `[1, Ho, Wo]`, owned by the caller
 * @throws `SHAPE`
 */
export function composeFlows(first: Flow, second: Flow): ComposedFlow {
  const [, height, width] = expectPixelFlow(first, "composeFlows first").dims;
  const [, outHeight, outWidth] = expectPixelFlow(second, "composeFlows second").dims;
  const offsets = offsetsOf(first);
  const flow = zeros([1, outHeight, outWidth, 2]);
  const valid = new Uint8Array(outHeight * outWidth);
  const offset = new Float64Array(2);
  for (let i = 0; i < valid.length; i++) {
    const x = second.data[2 * i]!;
    const y = second.data[2 * i + 1]!;
    lookUp(offsets, { height, width }, placeOf(x, width), placeOf(y, height), offset);
    flow.data[2 * i] = x + offset[0]!;
    flow.data[2 * i + 1] = y + offset[1]!;
    const inside = Math.abs(x) <= edge && Math.abs(y) <= edge;
    valid[i] = inside && Number.isFinite(offset[0]! + offset[1]!) ? 1 : 0;
  }
  return { flow, valid: tensor("bool", valid, [1, outHeight, outWidth]) };
}

/** A flow less the identity, in float64: nothing is lost before the sum. */
function offsetsOf({ data, dims: [, height, width] }: Flow): Float64Array {
  const offsets = new Float64Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 2 * (y * width + x);
      offsets[at] = data[at]! - coordinateOf(x, width);
      offsets[at + 1] = data[at + 1]! - coordinateOf(y, height);
    }
  }
  return offsets;
}
