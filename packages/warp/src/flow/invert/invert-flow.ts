import { BunrakuError, type Tensor, tensor, zeros } from "@bunraku/backends";
import { coordinateOf, type Flow } from "../../identity-grid/identity-grid.ts";
import { expectPixelFlow, type Mask } from "../pixel-flow.ts";
import { foldMap } from "./fold-map.ts";
import { invertField } from "./invert-field.ts";
import type { InversionLimits } from "./invert-place.ts";

export interface InvertedFlow {
  /** The inverse; where `valid` is 0, the nearest that was found, or NaN among numbers that are none. */
  readonly flow: Flow;
  /** `[1, H, W]`: how far from each pixel the flow reads at the place that was found, in pixels. */
  readonly residual: Tensor<"float32", readonly [1, number, number]>;
  /** 1 where the place was found, lies inside the flow, and is the only one. */
  readonly valid: Mask;
  /** 1 where the flow folds or is squeezed flat: it reads this pixel from several places, and one of them was taken. */
  readonly folded: Mask;
}

/**
 * The flow that undoes a flow: where it reads each pixel.
 *
 * Convention: composeFlows(flow, inverse) is the identity where `valid` is 1. Corners are aligned; pixels are those of
 * the flow's own map.
 *
 * There is no inverse where the flow never reads (`residual` is above the tolerance, or the place lies outside, where
 * the displacement of the border is taken to go on), and no single one where it folds. In a map of a single row or
 * column, folds are not looked for.
 *
 * @param flow `[1, H, W, 2]`
 * @param limits.iterations Steps per pixel at most; a smooth flow needs three to six. @default 30
 * @param limits.tolerance Distance in pixels that counts as found. @default 0.001
 * @returns All of the flow's size, owned by the caller
 * @throws `OPTION`, `SHAPE`
 */
export function invertFlow(
  flow: Flow,
  { iterations = 30, tolerance = 0.001 }: Partial<InversionLimits> = {},
): InvertedFlow {
  if (!Number.isInteger(iterations) || iterations < 1) {
    throw new BunrakuError("OPTION", `invertFlow: iterations must be a whole number of at least 1, got ${iterations}.`);
  }
  if (!(tolerance > 0 && tolerance < Infinity)) {
    throw new BunrakuError("OPTION", `invertFlow: tolerance must be a distance in pixels above 0, got ${tolerance}.`);
  }
  const [, height, width] = expectPixelFlow(flow, "invertFlow flow").dims;
  const size = { height, width };
  const field = inPixels(flow);
  const { places, residual } = invertField(field, size, { iterations, tolerance });
  const folded = foldMap(field, size);

  const inverse = zeros([1, height, width, 2]);
  const valid = new Uint8Array(height * width);
  for (let at = 0; at < valid.length; at++) {
    const x = places[2 * at]!;
    const y = places[2 * at + 1]!;
    inverse.data[2 * at] = coordinateOfPlace(x, at % width, width);
    inverse.data[2 * at + 1] = coordinateOfPlace(y, Math.floor(at / width), height);
    const inside = x >= -tolerance && x <= width - 1 + tolerance && y >= -tolerance && y <= height - 1 + tolerance;
    valid[at] = residual[at]! <= tolerance && inside && folded[at] === 0 ? 1 : 0;
  }
  const mask = (data: Uint8Array): Mask => tensor("bool", data, [1, height, width]);
  return {
    flow: inverse,
    residual: tensor("float32", residual, [1, height, width]),
    valid: mask(valid),
    folded: mask(folded),
  };
}

/** The coordinate of a place in pixels, measured from the pixel that reads it: zero is exactly its own. */
function coordinateOfPlace(place: number, index: number, size: number): number {
  return coordinateOf(index, size) + (size > 1 ? (2 * (place - index)) / (size - 1) : 0);
}

/** Displacements in pixels, in float64. */
function inPixels({ data, dims: [, height, width] }: Flow): Float64Array {
  const field = new Float64Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 2 * (y * width + x);
      field[at] = ((data[at]! - coordinateOf(x, width)) * (width - 1)) / 2;
      field[at + 1] = ((data[at + 1]! - coordinateOf(y, height)) * (height - 1)) / 2;
    }
  }
  return field;
}
