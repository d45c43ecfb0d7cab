import fc from "fast-check";
import { expect, test } from "vitest";
import { cutByTile, tilesOf } from "./tiles.ts";

test("six tiles of half the width cover a picture of 16:9", () => {
  expect(tilesOf({ width: 1280, height: 720 }, 640)).toEqual([
    { left: 0, top: 0, width: 640, height: 640 },
    { left: 320, top: 0, width: 640, height: 640 },
    { left: 640, top: 0, width: 640, height: 640 },
    { left: 0, top: 80, width: 640, height: 640 },
    { left: 320, top: 80, width: 640, height: 640 },
    { left: 640, top: 80, width: 640, height: 640 },
  ]);
});

test("any box of half a tile is whole in some tile", () => {
  const cases = fc.record({
    width: fc.integer({ min: 20, max: 2000 }),
    height: fc.integer({ min: 20, max: 2000 }),
    side: fc.integer({ min: 20, max: 700 }),
    x: fc.double({ min: 0, max: 1, noNaN: true }),
    y: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(cases, ({ width, height, side, x, y }) => {
      fc.pre(Math.max(width, height) / side < 10);
      const size = Math.min(side / 2 - 1, width, height); // tiles start at whole pixels: up to one less
      const box = { left: x * (width - size), top: y * (height - size), width: size, height: size };
      const whole = tilesOf({ width, height }, side).some(
        (tile) =>
          box.left >= tile.left &&
          box.top >= tile.top &&
          box.left + size <= tile.left + tile.width + 1e-9 &&
          box.top + size <= tile.top + tile.height + 1e-9,
      );
      expect(whole).toBe(true);
    }),
  );
});

test("a box over the picture's own edge is not cut by a tile", () => {
  const tile = { left: 0, top: 0, width: 50, height: 50 };
  const box = { left: -5, top: -5, width: 20, height: 20 };
  expect(cutByTile(box, tile, { width: 100, height: 100 })).toBe(false);
  expect(cutByTile({ ...box, left: 40 }, tile, { width: 100, height: 100 })).toBe(true);
});
