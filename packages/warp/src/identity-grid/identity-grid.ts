import { type Tensor, zeros } from "@bunraku/backends";
import type { Size } from "../resize/resize-bilinear.ts";

/**
 * Where each output pixel reads from.
 *
 * Convention: `[1, H, W, 2]`, (x, y) in [-1, 1], x right and y down, ±1 on the centres of the corner pixels.
 */
export type Flow = Tensor<"float32", readonly [1, number, number, 2]>;

/**
 * The coordinates of every pixel: the flow that moves nothing.
 *
 * @returns `[1, height, width, 2]`; a side of one pixel has the coordinate 0 (upstream: 0/0)
 * @see spec 1.1
 */
export function identityGrid({ height, width }: Size): Flow {
  const grid = zeros([1, height, width, 2]);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      grid.data[2 * (y * width + x)] = coordinateOf(x, width);
      grid.data[2 * (y * width + x) + 1] = coordinateOf(y, height);
    }
  }
  return grid;
}

/** The normalised coordinate of pixel `index` of `size`, in float32 steps as upstream computes it. */
export function coordinateOf(index: number, size: number): number {
  return size === 1 ? 0 : Math.fround(2 * Math.fround(index / (size - 1)) - 1);
}
