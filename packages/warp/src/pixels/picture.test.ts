import { expect, test } from "vitest";
import { centreCrop, cropPicture, expectCrop, expectPicture, flattenPicture, type Picture } from "./picture.ts";

/** A picture whose pixels are (column, row, 0, 255). */
function numbered(width: number, height: number): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set([i % width, Math.floor(i / width), 0, 255], 4 * i);
  return { width, height, data };
}

const onePixel = (...rgba: number[]): Picture => ({ width: 1, height: 1, data: Uint8ClampedArray.from(rgba) });

test("a picture whose bytes do not fit its size is refused", () => {
  expect(() => expectPicture({ width: 3, height: 2, data: new Uint8Array(18) }, "source")).toThrow(
    "source: 3 × 2 RGBA needs 24 bytes, got 18.",
  );
});

test.each([
  [0, 2],
  [2, 0],
  [1.5, 2],
  [Number.NaN, 2],
])("a picture of %d × %d is refused", (width, height) => {
  expect(() => expectPicture({ width, height, data: new Uint8Array(0) }, "source")).toThrow(
    `source: expected a picture of at least 1 × 1 pixels, got ${width} × ${height}.`,
  );
});

test("the centre crop of a wide picture is a square of its height, in the middle", () => {
  expect(centreCrop({ width: 10, height: 4 })).toEqual({ left: 3, top: 0, width: 4, height: 4 });
});

test("the centre crop of a tall picture is a square of its width, in the middle", () => {
  expect(centreCrop({ width: 4, height: 9 })).toEqual({ left: 0, top: 2, width: 4, height: 4 });
});

test("an aspect is width over height", () => {
  expect(centreCrop({ width: 10, height: 10 }, 2)).toEqual({ left: 0, top: 2, width: 10, height: 5 });
});

test("a crop keeps at least one pixel of a thin picture", () => {
  expect(centreCrop({ width: 100, height: 1 }, 0.01)).toEqual({ left: 49, top: 0, width: 1, height: 1 });
});

test("a crop is the part of the picture, copied", () => {
  const picture = numbered(4, 3);
  const part = cropPicture(picture, { left: 1, top: 2, width: 2, height: 1 });
  expect(part).toEqual({ width: 2, height: 1, data: Uint8ClampedArray.of(1, 2, 0, 255, 2, 2, 0, 255) });
  part.data[0] = 77;
  expect(picture.data[(2 * 4 + 1) * 4]).toBe(1);
});

test.each([
  { left: -1, top: 0, width: 2, height: 2 },
  { left: 0, top: -1, width: 2, height: 2 },
  { left: 3, top: 0, width: 2, height: 2 },
  { left: 0, top: 2, width: 2, height: 2 },
  { left: 0, top: 0, width: 0, height: 2 },
  { left: 0, top: 0, width: 2, height: 0 },
  { left: 0.5, top: 0, width: 2, height: 2 },
  { left: Number.NaN, top: 0, width: 2, height: 2 },
])("a crop of $width × $height at ($left, $top) does not fit 4 × 3", (crop) => {
  const message = `cropPicture: a crop must be whole pixels inside 4 × 3, got ${crop.width} × ${crop.height} at (${crop.left}, ${crop.top}).`;
  expect(() => cropPicture(numbered(4, 3), crop)).toThrow(message);
  expect(() => cropPicture(numbered(4, 3), crop)).toThrow(expect.objectContaining({ code: "OPTION" }));
});

test("a crop may be the whole picture", () => {
  expect(() => expectCrop({ left: 0, top: 0, width: 4, height: 3 }, { width: 4, height: 3 }, "crop")).not.toThrow();
});

test("an opaque picture is flat already and comes back as it is", () => {
  const picture = numbered(4, 3);
  expect(flattenPicture(picture)).toBe(picture);
});

test("what is transparent becomes white, unless another background is wanted", () => {
  expect([...flattenPicture(onePixel(10, 20, 30, 0)).data]).toEqual([255, 255, 255, 255]);
  expect([...flattenPicture(onePixel(10, 20, 30, 0), [1, 2, 3]).data]).toEqual([1, 2, 3, 255]);
});

test("what is half transparent is mixed: 0.2 of 100 over 0.8 of 200 is 180", () => {
  expect([...flattenPicture(onePixel(100, 100, 100, 51), [200, 200, 200]).data]).toEqual([180, 180, 180, 255]);
});

test("one transparent pixel at the end is enough, and its picture is not changed", () => {
  const picture = { width: 2, height: 1, data: Uint8ClampedArray.of(9, 9, 9, 255, 9, 9, 9, 0) };
  expect([...flattenPicture(picture).data]).toEqual([9, 9, 9, 255, 255, 255, 255, 255]);
  expect([...picture.data]).toEqual([9, 9, 9, 255, 9, 9, 9, 0]);
});
