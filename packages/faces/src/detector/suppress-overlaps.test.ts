import { expect, test } from "vitest";
import { type Face, overlap } from "./face.ts";
import { suppressOverlaps } from "./suppress-overlaps.ts";

const nowhere = { x: 0, y: 0 };
const points = { rightEye: nowhere, leftEye: nowhere, nose: nowhere, rightMouth: nowhere, leftMouth: nowhere };

function face(score: number, left: number, top = 0, width = 10, height = 10): Face {
  return { score, box: { left, top, width, height }, points };
}

test("the overlap of a box with itself is 1, of boxes that only touch 0, of halves a third", () => {
  const box = { left: 0, top: 0, width: 10, height: 10 };
  expect(overlap(box, box)).toBe(1);
  expect(overlap(box, { ...box, left: 10 })).toBe(0);
  expect(overlap(box, { ...box, top: 5 })).toBeCloseTo(1 / 3, 12);
});

test("of faces that overlap the surest stays", () => {
  expect(suppressOverlaps([face(0.7, 1), face(0.9, 0), face(0.8, 2)], 0.3).map(({ score }) => score)).toEqual([0.9]);
});

test("an overlap of exactly the limit is two faces", () => {
  // Moved by 5 of 10: a third.
  expect(suppressOverlaps([face(0.9, 0), face(0.8, 5)], 1 / 3)).toHaveLength(2);
  expect(suppressOverlaps([face(0.9, 0), face(0.8, 5)], 0.33)).toHaveLength(1);
});

test("a face that only overlaps a suppressed one stays", () => {
  const chain = [face(0.9, 0), face(0.8, 5), face(0.7, 10)];
  expect(suppressOverlaps(chain, 0.3).map(({ score }) => score)).toEqual([0.9, 0.7]);
});

test("the given list keeps its order", () => {
  const faces = [face(0.1, 0), face(0.9, 50)];
  suppressOverlaps(faces, 0.3);
  expect(faces.map(({ score }) => score)).toEqual([0.1, 0.9]);
});
