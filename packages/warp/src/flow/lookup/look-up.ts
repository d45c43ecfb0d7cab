import { coordinateOf } from "../../identity-grid/identity-grid.ts";
import type { Size } from "../../resize/resize-bilinear.ts";

/**
 * The vector of a field at a place between its pixels, bilinear; beyond the border, that of the nearest place inside.
 *
 * A neighbour that has no weight is not read, so that what is unknown stays where it is.
 *
 * @param field `[height, width, 2]`
 * @param x in pixels, 0 on the centre of the first; NaN gives NaN
 * @param into two numbers, written
 */
export function lookUp(
  field: ArrayLike<number>,
  { height, width }: Size,
  x: number,
  y: number,
  into: Float64Array,
): void {
  if (Number.isNaN(x) || Number.isNaN(y)) {
    into.fill(Number.NaN);
    return;
  }
  x = Math.min(Math.max(x, 0), width - 1);
  y = Math.min(Math.max(y, 0), height - 1);
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = x - left; // weight of the right column
  const lower = y - top; // weight of the lower row
  const a = 2 * (top * width + left);
  const b = right === 0 ? a : a + 2;
  const below = lower === 0 ? 0 : 2 * width;
  for (let c = 0; c < 2; c++) {
    const above = mix(field[a + c]!, field[b + c]!, right);
    into[c] = mix(above, mix(field[a + below + c]!, field[b + below + c]!, right), lower);
  }
}

/** One value and another by the weight of the other. A difference, so that equal values mix to that value exactly. */
export function mix(first: number, second: number, weight: number): number {
  return weight === 0 ? first : first + (second - first) * weight;
}

/** One step of float32 below 2: a coordinate cannot be told apart from what lies nearer. */
const step = 2 ** -23;

/**
 * The place in pixels of a flow's coordinate, corners aligned; exactly a pixel when the coordinate is that pixel's.
 *
 * Coordinates are float32 and few pixels have one that float32 holds, so `toPixels` misses nearly all of them by a hair:
 * with it, reading through the identity would blur.
 */
export function placeOf(coordinate: number, size: number): number {
  const half = (size - 1) / 2;
  const nearest = Math.min(Math.max(Math.round((coordinate + 1) * half), 0), size - 1);
  const past = coordinate - coordinateOf(nearest, size);
  return Math.abs(past) <= step ? nearest : nearest + past * half;
}
