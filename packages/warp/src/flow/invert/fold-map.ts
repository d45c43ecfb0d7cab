import type { Size } from "../../resize/resize-bilinear.ts";

/**
 * Where a flow folds: 1 for each pixel that cells of the flow reach turned over, or squeezed flat.
 *
 * A place that a turned-over cell reads is also read by cells that are not, before and behind the fold, so that it has
 * several inverses. A bilinear cell turns over somewhere when one of its four corner triangles does.
 *
 * @param displacement in pixels, `[height, width, 2]`
 * @returns `[height · width]`
 */
export function foldMap(displacement: ArrayLike<number>, { height, width }: Size): Uint8Array {
  const folded = new Uint8Array(height * width);
  const corners = new Float64Array(8); // around the cell, clockwise: (x, y) of where each corner reads
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0; x + 1 < width; x++) {
      for (let k = 0; k < 4; k++) {
        const column = k === 1 || k === 2 ? x + 1 : x;
        const row = k >= 2 ? y + 1 : y;
        corners[2 * k] = column + displacement[2 * (row * width + column)]!;
        corners[2 * k + 1] = row + displacement[2 * (row * width + column) + 1]!;
      }
      for (let k = 0; k < 4; k++) {
        const before = 2 * ((k + 3) % 4);
        const after = 2 * ((k + 1) % 4);
        const turned =
          (corners[after]! - corners[2 * k]!) * (corners[before + 1]! - corners[2 * k + 1]!) -
          (corners[after + 1]! - corners[2 * k + 1]!) * (corners[before]! - corners[2 * k]!);
        if (turned <= 0) fillTriangle(folded, { height, width }, corners, [before, 2 * k, after]);
      }
    }
  }
  return folded;
}

/** Sets every pixel whose centre is in a triangle or on its sides. */
function fillTriangle(
  mask: Uint8Array,
  { height, width }: Size,
  places: Float64Array,
  at: readonly [number, number, number],
): void {
  const rows = at.map((i) => places[i + 1]!);
  const last = Math.min(Math.floor(Math.max(...rows)), height - 1);
  for (let y = Math.max(Math.ceil(Math.min(...rows)), 0); y <= last; y++) {
    let left = Infinity;
    let right = -Infinity;
    for (let k = 0; k < 3; k++) {
      const from = at[k]!;
      const to = at[(k + 1) % 3]!;
      const start = places[from + 1]! - y;
      const end = places[to + 1]! - y;
      if (start * end > 0) continue; // this side does not cross the row
      const share = start === end ? 0 : start / (start - end);
      const x = places[from]! + (places[to]! - places[from]!) * share;
      left = Math.min(left, x, start === end ? places[to]! : x);
      right = Math.max(right, x, start === end ? places[to]! : x);
    }
    const first = Math.max(Math.ceil(left), 0);
    const end = Math.min(Math.floor(right), width - 1) + 1;
    if (first < end) mask.fill(1, y * width + first, y * width + end);
  }
}
