import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { boxBlur } from "./box-blur.ts";

test("a dot becomes a square of ninths", () => {
  const dot = new Float32Array(25);
  dot[12] = 9;
  expect([...boxBlur(dot, 5, 5, 1)]).toEqual([
    0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0,
  ]);
});

test("at the border the mean is over what is inside", () => {
  expect([...boxBlur(Float32Array.of(6, 0, 0, 0, 12), 1, 5, 1)]).toEqual([3, 2, 0, 4, 6]);
});

test("rows and columns are told apart", () => {
  const map = Float32Array.of(6, 0, 0, 0, 0, 0); // [3, 2]
  expect([...boxBlur(map, 3, 2, 1)]).toEqual([1.5, 1.5, 1, 1, 0, 0]);
});

test("a constant map stays constant, whatever the radius", () => {
  const side = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(side, side, fc.integer({ min: 0, max: 20 }), (height, width, radius) => {
      const flat = new Float32Array(height * width).fill(0.75);
      expect(boxBlur(flat, height, width, radius)).toEqual(flat);
    }),
  );
});

test("radius 0 changes nothing", () => {
  const { data } = noise([4, 3]);
  for (const [i, value] of boxBlur(data, 4, 3, 0).entries()) expect(value).toBeCloseTo(data[i]!, 6);
});

test("a square as large as the map gives the mean everywhere", () => {
  const blurred = boxBlur(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 3, 7);
  for (const value of blurred) expect(value).toBeCloseTo(3.5, 6);
});

test("the map keeps its numbers", () => {
  const map = Float32Array.of(1, 2, 3, 4);
  boxBlur(map, 2, 2, 1);
  expect([...map]).toEqual([1, 2, 3, 4]);
});
