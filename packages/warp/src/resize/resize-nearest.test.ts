import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nearestIndices, resizeNearest } from "./resize-nearest.ts";
import { scaledSize } from "./scaled-size.ts";

const side = fc.integer({ min: 1, max: 20 });

test("doubling repeats each pixel, halving keeps every second, from the first", () => {
  const row = tensor("float32", Float32Array.of(1, 2, 3, 4), [1, 1, 1, 4]);
  expect([...resizeNearest(row, { height: 1, width: 8 }).data]).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  expect([...resizeNearest(row, { height: 1, width: 2 }).data]).toEqual([1, 3]);
});

test("five become three at ⌊0⌋, ⌊5/3⌋, ⌊10/3⌋", () => {
  expect([...nearestIndices(5, 3)]).toEqual([0, 1, 3]);
});

test("places are float32's: where it rounds down, the middle of the result still shows the pixel before", () => {
  expect(nearestIndices(2, 82)[41]).toBe(0); // 41 · float32(2 / 82) is just below 1
  expect(nearestIndices(2, 98)[49]).toBe(1); // 49 · float32(2 / 98) is 1, in float64 just below
});

test("a scaled size is rounded down, as the product of float64 is", () => {
  expect(scaledSize({ height: 64, width: 96 }, 0.25)).toEqual({ height: 16, width: 24 });
  expect(scaledSize({ height: 27, width: 13 }, 0.3)).toEqual({ height: 8, width: 3 });
  expect(scaledSize({ height: 100, width: 200 }, 0.29)).toEqual({ height: 28, width: 57 }); // 28.999999999999996
});

test("every pixel of the result is one of the image, of the same row and column order", () => {
  fc.assert(
    fc.property(side, side, (from, to) => {
      const indices = nearestIndices(from, to);
      expect(indices.length).toBe(to);
      expect(indices[0]).toBe(0);
      for (let i = 1; i < to; i++) expect(indices[i]).toBeGreaterThanOrEqual(indices[i - 1]!);
      expect(indices[to - 1]).toBeLessThan(from);
    }),
  );
});

test("resizing to the same size is the identity", () => {
  const image = noise([2, 3, 5, 7], 1);
  expect(resizeNearest(image, { height: 5, width: 7 }).data).toEqual(image.data);
});

test("wrong shapes are named", () => {
  expect(() => resizeNearest(noise([3, 4, 5]), { height: 2, width: 2 })).toThrow(
    "resizeNearest image: expected [N, C, H, W], got [3, 4, 5].",
  );
});
