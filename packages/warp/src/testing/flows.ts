import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import type { PixelFlow } from "../flow/pixel-flow.ts";
import { coordinateOf, type Flow } from "../identity-grid/identity-grid.ts";
import type { Size } from "../resize/resize-bilinear.ts";

/** [[a, b], [c, d]] and (e, f): (x, y) reads (a x + b y + e, c x + d y + f), in [-1, 1]. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** A flow made of its places, each of the coordinates of a pixel. */
export function flowOf({ height, width }: Size, place: (x: number, y: number) => readonly [number, number]): Flow {
  const data = new Float32Array(2 * height * width);
  for (let i = 0; i < height * width; i++) {
    data.set(place(coordinateOf(i % width, width), coordinateOf(Math.floor(i / width), height)), 2 * i);
  }
  return tensor("float32", data, [1, height, width, 2]);
}

export const affineFlow = (size: Size, [a, b, c, d, e, f]: Affine): Flow =>
  flowOf(size, (x, y) => [a * x + b * y + e, c * x + d * y + f]);

/**
 * A flow of three waves whose displacement changes by at most `slope` per unit along x and along y, so that it has an
 * inverse while `slope` is below 1/2.
 */
export function smoothFlow(size: Size, seed: number, slope: number): Flow {
  const numbers = noise([30], seed).data;
  const wave = (component: number, x: number, y: number) => {
    let sum = 0;
    for (let k = 0; k < 3; k++) {
      const [fx, fy, phase] = numbers.subarray(9 * component + 3 * k) as unknown as [number, number, number];
      sum += (slope / (3 * 4)) * Math.sin(4 * (fx * x + fy * y) + Math.PI * phase);
    }
    return sum;
  };
  return flowOf(size, (x, y) => [x + wave(0, x, y), y + wave(1, x, y)]);
}

export const pixelFlow = (values: readonly number[], { height, width }: Size): PixelFlow =>
  tensor("float32", Float32Array.from(values), [1, height, width, 2]);

/** The same displacement everywhere. */
export const uniformFlow = (size: Size, u: number, v: number): PixelFlow =>
  pixelFlow(new Array(size.height * size.width).fill([u, v]).flat(), size);

export const sizes = (least: number, most: number): fc.Arbitrary<Size> =>
  fc.record({ height: fc.integer({ min: least, max: most }), width: fc.integer({ min: least, max: most }) });

export const seeds = fc.integer({ min: 1, max: 1_000_000 });

/** The largest difference between two lists, over the items that `counts` names (all, if it is not given). */
export function largestGap(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  counts: (index: number) => boolean = () => true,
): number {
  let gap = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) if (counts(i)) gap = Math.max(gap, Math.abs(a[i]! - b[i]!));
  return gap;
}
