import { expect, test } from "vitest";
import { coordinateOf, identityGrid } from "./identity-grid.ts";

test("an identity grid holds (x, y) from corner centre to corner centre, row by row", () => {
  const grid = identityGrid({ height: 2, width: 3 });
  expect(grid.dims).toEqual([1, 2, 3, 2]);
  expect([...grid.data]).toEqual([-1, -1, 0, -1, 1, -1, -1, 1, 0, 1, 1, 1]);
});

test("a side of one pixel has the coordinate 0", () => {
  expect([...identityGrid({ height: 1, width: 2 }).data]).toEqual([-1, 0, 1, 0]);
});

test("coordinates take the float32 steps of upstream", () => {
  expect(coordinateOf(1, 58)).toBe(Math.fround(2 * Math.fround(1 / 57) - 1));
  expect(coordinateOf(1, 58)).not.toBe(2 / 57 - 1);
});
