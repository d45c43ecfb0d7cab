import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hullArea } from "./hull-area.ts";

type Point = readonly [number, number];
const area = (points: readonly Point[]) =>
  hullArea(tensor("float32", Float32Array.from(points.flat()), [points.length, 2]));

// Halves are exact in float32, so that the properties hold exactly; few of them make many points in a line.
const half = fc.integer({ min: -3, max: 3 }).map((i) => i / 2);
const points = fc.array(fc.tuple(half, half), { maxLength: 12 });

test("the corners of the picture have area 4", () => {
  expect(
    area([
      [-1, -1],
      [1, 1],
      [1, -1],
      [-1, 1],
    ]),
  ).toBe(4);
});

test("a triangle is half of base times height", () => {
  expect(
    area([
      [0, 0],
      [0.5, 0],
      [0.125, 1],
    ]),
  ).toBe(0.25);
});

test("points inside, on the edge and twice add nothing", () => {
  const corners: Point[] = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ];
  expect(area([...corners, [0.5, 0.25], [1, 0], [1, 1], [0, -1]])).toBe(4);
});

test("fewer than three points have no area", () => {
  expect([
    area([]),
    area([[0.5, 0.5]]),
    area([
      [0, 0],
      [1, 1],
    ]),
  ]).toEqual([0, 0, 0]);
});

test("points on a line, and the same point many times, have no area", () => {
  expect(
    area([
      [-1, -0.5],
      [0, 0],
      [1, 0.5],
      [0.5, 0.25],
    ]),
  ).toBe(0);
  expect(
    area([
      [0.25, 1],
      [0.25, -1],
      [0.25, 0],
    ]),
  ).toBe(0);
  expect(
    area([
      [0.5, 0.5],
      [0.5, 0.5],
      [0.5, 0.5],
      [0.5, 0.5],
    ]),
  ).toBe(0);
});

test("the order of points does not matter", () => {
  fc.assert(
    fc.property(
      points.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([list, shuffled]) => {
        expect(area(shuffled)).toBe(area(list));
      },
    ),
  );
});

test("moving all points does not change the area", () => {
  fc.assert(
    fc.property(points, half, half, (list, dx, dy) => {
      expect(area(list.map(([x, y]) => [x + dx, y + dy] as const))).toBe(area(list));
    }),
  );
});

test("points twice as far apart have four times the area", () => {
  fc.assert(
    fc.property(points, (list) => {
      expect(area(list.map(([x, y]) => [2 * x, 2 * y] as const))).toBe(4 * area(list));
    }),
  );
});

test("another point never makes the area smaller, and no triangle of the points is larger", () => {
  fc.assert(
    fc.property(points, fc.tuple(half, half), (list, more) => {
      expect(area([...list, more])).toBeGreaterThanOrEqual(area(list));
      const [a, b, c] = list;
      if (a && b && c) expect(area(list)).toBeGreaterThanOrEqual(area([a, b, c]));
    }),
  );
});

test("wrong shapes are named", () => {
  expect(() => hullArea(noise([4, 3]))).toThrow("hullArea points: expected [K, 2], got [4, 3].");
});
