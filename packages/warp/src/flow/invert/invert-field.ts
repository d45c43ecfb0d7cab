import type { Size } from "../../resize/resize-bilinear.ts";
import { type InversionLimits, placeInverter } from "./invert-place.ts";

export interface InvertedField {
  /** Where each pixel is read, in pixels, `[height, width, 2]`; NaN where the field is not a number. */
  readonly places: Float64Array;
  /** The distance in pixels that is left. */
  readonly residual: Float32Array;
}

/**
 * Where a field of displacements reads each pixel.
 *
 * The search starts at the pixel itself. Where that ends too far away, it starts again at what was found for the pixel to
 * the left, then for the one above: a step of one pixel is a short way, however large the displacement.
 *
 * @param field in pixels, `[height, width, 2]`
 */
export function invertField(field: ArrayLike<number>, size: Size, limits: InversionLimits): InvertedField {
  const { height, width } = size;
  const invert = placeInverter(field, size, limits);
  const places = new Float64Array(2 * height * width);
  const residual = new Float32Array(height * width);
  const trial = new Float64Array(2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const place = places.subarray(2 * at, 2 * at + 2);
      let left = invert(x, y, x, y, place);
      for (let side = 0; side < 2 && !(left <= limits.tolerance); side++) {
        const near = side === 0 ? at - 1 : at - width;
        if ((side === 0 ? x : y) === 0 || !(residual[near]! <= limits.tolerance)) continue;
        const again = invert(x, y, places[2 * near]!, places[2 * near + 1]!, trial);
        if (again >= left || Number.isNaN(again)) continue;
        left = again;
        place.set(trial);
      }
      if (Number.isNaN(left)) place.fill(left);
      residual[at] = left;
    }
  }
  return { places, residual };
}
