import { expect, test } from "vitest";
import { drawLetterbox, letterboxOf } from "./letterbox.ts";

/** A picture whose pixels are (r, g, b) = f(x, y). */
function drawn(width: number, height: number, f: (x: number, y: number) => readonly [number, number, number]) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set([...f(x, y), 255], (y * width + x) * 4);
  return { width, height, data };
}

test("a wide region fills the width and lies in the middle of the height", () => {
  const place = letterboxOf({ left: 10, top: 20, width: 640, height: 360 }, 320);
  expect(place).toEqual({
    size: 320,
    width: 320,
    height: 180,
    padX: 0,
    padY: 70,
    scaleX: 2,
    scaleY: 2,
    originX: 10,
    originY: 20,
  });
});

test("both ends of a region map to its ends exactly, also where the size is rounded", () => {
  const place = letterboxOf({ left: 7, top: 3, width: 333, height: 1001 }, 320);
  const toX = (x: number) => (x - place.padX) * place.scaleX + place.originX;
  expect(toX(place.padX)).toBe(7);
  expect(toX(place.padX + place.width)).toBeCloseTo(7 + 333, 10);
  expect((place.padY + place.height - place.padY) * place.scaleY + place.originY).toBeCloseTo(3 + 1001, 10);
});

test("a picture of the square's size is copied, as blue, green, red", () => {
  const picture = drawn(4, 4, (x, y) => [10 * x, 10 * y, 200]);
  const { data } = drawLetterbox(picture, letterboxOf({ left: 0, top: 0, width: 4, height: 4 }, 4));
  expect([...data.subarray(0, 16)]).toEqual(Array(16).fill(200));
  expect([...data.subarray(16, 20)]).toEqual([0, 0, 0, 0]);
  expect([...data.subarray(20, 24)]).toEqual([10, 10, 10, 10]);
  expect([...data.subarray(32, 36)]).toEqual([0, 10, 20, 30]);
});

test("around the region it is black", () => {
  const picture = drawn(8, 4, () => [255, 255, 255]);
  const { data } = drawLetterbox(picture, letterboxOf({ left: 0, top: 0, width: 8, height: 4 }, 8));
  const rows = Array.from({ length: 8 }, (_, y) => data[y * 8 + 3]);
  expect(rows).toEqual([0, 0, 255, 255, 255, 255, 0, 0]);
});

test("a slope stays a slope when it is enlarged or shrunk", () => {
  const picture = drawn(64, 64, (x) => [2 * x, 0, 0]);
  for (const size of [32, 128]) {
    const { data } = drawLetterbox(picture, letterboxOf({ left: 0, top: 0, width: 64, height: 64 }, size));
    const red = data.subarray(2 * size * size);
    // Pixel i's centre is at (i + ½) · scale in the picture, whose pixel x has its centre at x + ½ and the value 2x.
    for (let i = 4; i < size - 4; i++) expect(red[i]).toBeCloseTo(2 * ((i + 0.5) * (64 / size) - 0.5), 3);
  }
});

test("nothing outside the region is read", () => {
  const inside = (x: number, y: number) => x >= 10 && x < 30 && y >= 5 && y < 25;
  const picture = drawn(40, 30, (x, y) => (inside(x, y) ? [50, 50, 50] : [255, 255, 255]));
  for (const size of [10, 20, 32]) {
    const { data } = drawLetterbox(picture, letterboxOf({ left: 10, top: 5, width: 20, height: 20 }, size));
    for (const value of data) expect(value).toBeCloseTo(50, 3);
  }
});
