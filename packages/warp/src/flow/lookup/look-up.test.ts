import fc from "fast-check";
import { expect, test } from "vitest";
import { toPixels } from "../../grid-sample/grid-sample.ts";
import { coordinateOf } from "../../identity-grid/identity-grid.ts";
import { lookUp, placeOf } from "./look-up.ts";

/** Two by two vectors: (0, 10) (4, 30) over (8, 50) (12, 70). */
const field = [0, 10, 4, 30, 8, 50, 12, 70];
const at = (x: number, y: number, values: readonly number[] = field) => {
  const into = new Float64Array(2);
  lookUp(values, { height: 2, width: 2 }, x, y, into);
  return [...into];
};

test("between pixels, vectors are mixed by distance", () => {
  expect(at(0.25, 0)).toEqual([1, 15]);
  expect(at(0.5, 0.5)).toEqual([6, 40]);
});

test("beyond the border is the nearest place inside, however far", () => {
  expect(at(-3, 0.5)).toEqual(at(0, 0.5));
  expect(at(Infinity, -Infinity)).toEqual([4, 30]);
});

test("a neighbour without weight is not read", () => {
  const hole = [0, 10, Number.NaN, Number.NaN, 8, 50, 12, 70];
  expect(at(0, 0.5, hole)).toEqual([4, 30]);
  expect(at(1, 1, hole)).toEqual([12, 70]);
  expect(at(0.5, 0, hole)).toEqual([Number.NaN, Number.NaN]);
});

test("a place that is not a number has no vector", () => {
  expect(at(Number.NaN, 0)).toEqual([Number.NaN, Number.NaN]);
});

test("a constant field is that constant to the last bit", () => {
  const inside = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(inside, inside, (x, y) => {
      expect(at(x, y, new Array(8).fill(0.1))).toEqual([0.1, 0.1]);
    }),
  );
});

test("the coordinate of a pixel is that pixel, at every size", () => {
  for (let size = 1; size <= 300; size++) {
    let missed = 0;
    for (let i = 0; i < size; i++) if (placeOf(coordinateOf(i, size), size) !== i) missed++;
    expect(missed).toBe(0);
  }
});

test("other coordinates are where gridSample reads", () => {
  fc.assert(
    fc.property(fc.float({ min: -4, max: 4, noNaN: true }), fc.integer({ min: 1, max: 300 }), (coordinate, size) => {
      expect(Math.abs(placeOf(coordinate, size) - toPixels(coordinate, size, true))).toBeLessThan(size * 2 ** -22);
    }),
  );
});
