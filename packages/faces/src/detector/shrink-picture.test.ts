import { expect, test } from "vitest";
import { shrinkPicture } from "./shrink-picture.ts";

test("each pixel is the mean of its block, and the rest is dropped", () => {
  const data = new Uint8ClampedArray(5 * 3 * 4);
  for (let i = 0; i < 15; i++) data.set([i, 2 * i, 100, 0], 4 * i);
  // Rows of red: 0 1 2 3 4 | 5 6 7 8 9 | …; blocks {0, 1, 5, 6} and {2, 3, 7, 8}.
  const small = shrinkPicture({ width: 5, height: 3, data }, 2);
  expect([small.width, small.height]).toEqual([2, 1]);
  expect([...small.data]).toEqual([3, 6, 100, 255, 5, 10, 100, 255]);
});

test("factor 1 is the same picture", () => {
  const picture = { width: 1, height: 1, data: Uint8ClampedArray.of(1, 2, 3, 4) };
  expect(shrinkPicture(picture, 1)).toBe(picture);
});
