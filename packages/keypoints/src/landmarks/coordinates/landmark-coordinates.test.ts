import { coordinateOf } from "@bunraku/warp";
import fc from "fast-check";
import { expect, test } from "vitest";
import { coordinateMap, type LandmarkCoordinates } from "./landmark-coordinates.ts";

const size = { height: 5, width: 9 };
const x = (value: number, options: LandmarkCoordinates) => {
  const { scale, offset } = coordinateMap(options, "test").x;
  return scale * value + offset;
};
const y = (value: number, options: LandmarkCoordinates) => {
  const { scale, offset } = coordinateMap(options, "test").y;
  return scale * value + offset;
};

test("the centre of pixel i is where the grid of the networks has it", () => {
  for (let i = 0; i < 9; i++) expect(x(i, { size })).toBeCloseTo(coordinateOf(i, 9), 6);
  for (let i = 0; i < 5; i++) expect(y(i, { size })).toBeCloseTo(coordinateOf(i, 5), 6);
});

test.each([
  ["pixels", 0, 8],
  ["unit", 0, 1],
  ["signed", -1, 1],
] as const)("in %s from centres, %d and %d are the centres of the corner pixels", (coordinates, first, last) => {
  expect(x(first, { coordinates, size })).toBeCloseTo(-1, 12);
  expect(x(last, { coordinates, size })).toBeCloseTo(1, 12);
});

test.each([
  ["pixels", 0, 9],
  ["unit", 0, 1],
  ["signed", -1, 1],
] as const)("in %s from edges, %d and %d are half a pixel further out", (coordinates, first, last) => {
  expect(x(first, { coordinates, size, origin: "edge" })).toBeCloseTo(-1.125, 12); // a pixel of nine is 0.25 wide
  expect(x(last, { coordinates, size, origin: "edge" })).toBeCloseTo(1.125, 12);
});

test("shares from centres need no size", () => {
  expect([0, 0.5, 1].map((value) => x(value, { coordinates: "unit" }))).toEqual([-1, 0, 1]);
  expect([-1, 0.25].map((value) => y(value, { coordinates: "signed" }))).toEqual([-1, 0.25]);
});

test("a crop stands for the whole picture, and points may lie outside it", () => {
  const crop = { left: 2, top: 0, width: 5, height: 5 };
  expect([2, 4, 6, 8].map((value) => x(value, { size, crop }))).toEqual([-1, 0, 1, 2]);
  expect(x(0.5, { coordinates: "unit", size, crop })).toBeCloseTo(0, 12);
  expect(x(0, { coordinates: "signed", size, crop })).toBeCloseTo(0, 12);
});

test("the same place is the same coordinate, however it was written", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 4000 }),
      fc.double({ min: -0.5, max: 1.5, noNaN: true }),
      fc.constantFrom("centre" as const, "edge" as const),
      (width, share, origin) => {
        const options = { size: { height: 3, width }, origin };
        const span = origin === "edge" ? width : width - 1;
        const wanted = x(share * span, options);
        expect(x(share, { ...options, coordinates: "unit" })).toBeCloseTo(wanted, 9);
        expect(x(2 * share - 1, { ...options, coordinates: "signed" })).toBeCloseTo(wanted, 9);
      },
    ),
  );
});

test("a side of one pixel has the coordinate 0", () => {
  expect([0, 0.3, 7].map((value) => x(value, { size: { height: 4, width: 1 } }))).toEqual([0, 0, 0]);
});

test.each([
  [{}, "test: size (the picture's height and width in pixels) is needed for coordinates in pixels."],
  [{ coordinates: "unit", origin: "edge" }, 'is needed for origin "edge".'],
  [{ coordinates: "unit", crop: { left: 0, top: 0, width: 2, height: 2 } }, "is needed for a crop."],
  [{ size: { height: 0, width: 4 } }, "test: size must be whole pixels of at least 1 × 1, got 4 × 0."],
  [
    { size, crop: { left: Number.NaN, top: 0, width: 2, height: 2 } },
    "crop must have a left and a top, got NaN and 0.",
  ],
  [{ size, crop: { left: 0, top: 0, width: 0.5, height: 2 } }, "crop must be whole pixels"],
  [{ coordinates: "metres", size }, 'coordinates must be pixels, unit, signed, got "metres".'],
  [{ origin: "corner", size }, 'origin must be centre or edge, got "corner".'],
] as const)("%o is refused", (options, message) => {
  expect(() => coordinateMap(options as LandmarkCoordinates, "test")).toThrow(message);
  expect(() => coordinateMap(options as LandmarkCoordinates, "test")).toThrow(
    expect.objectContaining({ code: "OPTION" }),
  );
});
