import { type Tensor, zeros } from "@bunraku/backends";
import type { Crop, Picture } from "@bunraku/warp";
import { triangleTaps } from "./triangle-taps.ts";

/** Where a region of a picture lies in a square: picture = (square − pad) · scale + origin, per axis. */
export interface Letterbox {
  /** The square's side, in its own pixels. */
  readonly size: number;
  /** The region's size in the square, whole pixels. */
  readonly width: number;
  readonly height: number;
  /** Empty pixels before the region. */
  readonly padX: number;
  readonly padY: number;
  /** Picture pixels per pixel of the square; the axes differ by the rounding of width and height. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** The region's corner in the picture. */
  readonly originX: number;
  readonly originY: number;
}

/** Fits a region into the middle of a square without changing its aspect. */
export function letterboxOf(region: Crop, size: number): Letterbox {
  const scale = Math.max(region.width, region.height) / size;
  const width = Math.max(1, Math.round(region.width / scale));
  const height = Math.max(1, Math.round(region.height / scale));
  return {
    size,
    width,
    height,
    padX: Math.floor((size - width) / 2),
    padY: Math.floor((size - height) / 2),
    scaleX: region.width / width,
    scaleY: region.height / height,
    originX: region.left,
    originY: region.top,
  };
}

/**
 * Draws the region of a picture that a letterbox names, as YuNet wants it: blue, green, red in 0..255 on black.
 *
 * Every pixel counts once (a triangle filter as wide as the shrinking), so that small faces survive. Alpha is ignored.
 *
 * @returns `[1, 3, size, size]`, owned by the caller.
 */
export function drawLetterbox(picture: Picture, place: Letterbox): Tensor<"float32"> {
  const { size, width, height, padX, padY } = place;
  const out = zeros([1, 3, size, size]);
  const plane = size * size;
  const columns = triangleTaps(place.originX, place.scaleX, width, place.scaleX * width);
  const rows = triangleTaps(place.originY, place.scaleY, height, place.scaleY * height);
  const row = new Float32Array(picture.width * 3); // the rows that an output row mixes, at full width
  for (let y = 0; y < height; y++) {
    mixRows(picture, rows[y]!, place, row);
    const start = (padY + y) * size + padX;
    for (let x = 0; x < width; x++) {
      const { first, weights } = columns[x]!;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let i = 0; i < weights.length; i++) {
        const weight = weights[i]!;
        const at = (first + i) * 3;
        red += weight * row[at]!;
        green += weight * row[at + 1]!;
        blue += weight * row[at + 2]!;
      }
      out.data[start + x] = blue;
      out.data[plane + start + x] = green;
      out.data[2 * plane + start + x] = red;
    }
  }
  return out;
}

function mixRows(
  { data, width }: Picture,
  { first, weights }: { first: number; weights: Float64Array },
  place: Letterbox,
  row: Float32Array,
): void {
  const from = place.originX;
  const to = Math.round(place.originX + place.scaleX * place.width);
  row.fill(0, from * 3, to * 3);
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    let at = ((first + i) * width + from) * 4;
    for (let x = from; x < to; x++, at += 4) {
      row[x * 3]! += weight * data[at]!;
      row[x * 3 + 1]! += weight * data[at + 1]!;
      row[x * 3 + 2]! += weight * data[at + 2]!;
    }
  }
}
