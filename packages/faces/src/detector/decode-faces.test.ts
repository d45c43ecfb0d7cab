import { expect, test } from "vitest";
import { decodeFaces } from "./decode-faces.ts";
import { letterboxOf } from "./letterbox.ts";

test("a cell says where its face is, in strides from its corner", () => {
  const plane = 16; // 4 × 4 cells of 16 pixels
  const cell = 1 * 4 + 2; // row 1, column 2
  const maps = {
    stride: 16,
    cls: new Float32Array(plane),
    obj: new Float32Array(plane).fill(0.9),
    bbox: new Float32Array(4 * plane),
    kps: new Float32Array(10 * plane),
  };
  maps.cls[cell] = 1;
  maps.bbox[cell] = 0.5;
  maps.bbox[plane + cell] = -0.25;
  maps.bbox[2 * plane + cell] = Math.log(2);
  maps.bbox[3 * plane + cell] = Math.log(3);
  maps.kps[cell] = -0.5;
  maps.kps[9 * plane + cell] = 1;
  // 128 × 64 pixels in a square of 64: half the size, 16 empty rows above.
  const place = letterboxOf({ left: 0, top: 0, width: 128, height: 64 }, 64);
  const [face, ...others] = decodeFaces(maps, place, 0.5);
  expect(others).toEqual([]);
  expect(face!.score).toBeCloseTo(0.9, 6);
  expect(face!.box.width).toBeCloseTo(2 * 16 * 2, 5);
  expect(face!.box.height).toBeCloseTo(3 * 16 * 2, 5);
  expect(face!.box.left).toBeCloseTo(2.5 * 16 * 2 - 32, 5);
  expect(face!.box.top).toBeCloseTo((0.75 * 16 - 16) * 2 - 48, 5);
  expect(face!.points.rightEye).toEqual({ x: 1.5 * 16 * 2, y: 0 });
  expect(face!.points.leftMouth).toEqual({ x: 64, y: (2 * 16 - 16) * 2 });
});

test("scores that are not numbers are no faces", () => {
  const maps = {
    stride: 32,
    cls: Float32Array.of(Number.NaN, 1, 1, 1),
    obj: Float32Array.of(1, Number.NaN, 0.1, 0.2),
    bbox: new Float32Array(16),
    kps: new Float32Array(40),
  };
  expect(decodeFaces(maps, letterboxOf({ left: 0, top: 0, width: 64, height: 64 }, 64), 0.5)).toEqual([]);
});
