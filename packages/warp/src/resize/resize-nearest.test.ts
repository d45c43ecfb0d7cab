import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nearestIndices, resizeNearest } from "./resize-nearest.ts";

const side = fc.integer({ min: 1, max: 20 });

test("doubling repeats each pixel, halving keeps every second, from the first", () => {
  const row = tensor("float32", Float32Array.of(1, 2, 3, 4), [1, 1, 1, 4]);
  expect([...resizeNearest(row, { height: 1, width: 8 }).data]).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  expect([...resizeNearest(row, { height: 1, width: 2 }).data]).toEqual([1, 3]);
});

test("five become three at ⌊0⌋, ⌊5/3⌋, ⌊10/3⌋", () => {
  expect([...nearestIndices(5, 3)]).toEqual([0, 1, 3]);
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
