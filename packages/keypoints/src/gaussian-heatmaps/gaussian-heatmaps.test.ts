import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import { expect, test } from "vitest";
import { gaussianHeatmaps } from "./gaussian-heatmaps.ts";

const point = (x: number, y: number) => tensor("float32", Float32Array.of(x, y), [1, 2]);

test("a gaussian is 1 on its point", () => {
  const { dims, data } = gaussianHeatmaps(point(0, 0), { height: 3, width: 5 });
  expect(dims).toEqual([1, 1, 3, 5]);
  expect(data[1 * 5 + 2]).toBe(1);
});

test("a standard deviation away it is exp(-1/2); the default variance is 0.01", () => {
  const wide = gaussianHeatmaps(point(0, 0), { height: 3, width: 3 }, { variance: 1 }).data;
  expect(wide[1 * 3 + 2]).toBeCloseTo(Math.exp(-0.5), 6);
  expect(wide[0]).toBeCloseTo(Math.exp(-1), 6); // a corner: both axes
  const narrow = gaussianHeatmaps(point(-0.9, 0), { height: 1, width: 3 }).data;
  expect(narrow[0]).toBeCloseTo(Math.exp(-0.5), 5);
});

test("x moves it along columns, y along rows, and each point has its map", () => {
  const points = tensor("float32", Float32Array.of(1, -1, -1, 1), [2, 2]);
  const { data } = gaussianHeatmaps(points, { height: 2, width: 2 });
  const peaks = [data.subarray(0, 4), data.subarray(4)].map((map) => map.indexOf(1));
  expect(peaks).toEqual([1, 2]); // top right, bottom left
});

test("a precision gives a gaussian its own width and slant", () => {
  const precisions = tensor("float32", Float32Array.of(4, 1, 1, 2), [1, 2, 2]);
  const { data } = gaussianHeatmaps(point(0, 0), { height: 3, width: 3 }, { precisions });
  expect(data[1 * 3 + 2]).toBeCloseTo(Math.exp(-2), 6); // (1, 0): 4 / 2
  expect(data[2 * 3 + 1]).toBeCloseTo(Math.exp(-1), 6); // (0, 1): 2 / 2
  expect(data[2 * 3 + 2]).toBeCloseTo(Math.exp(-4), 6); // (1, 1): (4 + 2 + 2 · 1) / 2
  expect(data[0 * 3 + 2]).toBeCloseTo(Math.exp(-2), 6); // (1, -1): (4 + 2 - 2 · 1) / 2
});

test("wrong shapes are named", () => {
  expect(() => gaussianHeatmaps(noise([3, 3]), { height: 2, width: 2 })).toThrow(
    "gaussianHeatmaps points: expected [K, 2], got [3, 3].",
  );
  expect(() => gaussianHeatmaps(point(0, 0), { height: 2, width: 2 }, { precisions: noise([2, 2, 2]) })).toThrow(
    "gaussianHeatmaps precisions: expected [1, 2, 2], got [2, 2, 2].",
  );
});
