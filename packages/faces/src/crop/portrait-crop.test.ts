import { centreCrop, expectCrop } from "@bunraku/warp";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { portraitCrop } from "./portrait-crop.ts";

/** A square face box of `size` around (x, y). */
function faceAt(x: number, y: number, size: number) {
  return { box: { left: x - size / 2, top: y - size / 2, width: size, height: size } };
}

test("a face of 48 pixels gets a crop of 100, in its middle", () => {
  expect(portraitCrop(faceAt(500, 300, 48), { width: 1000, height: 600 })).toEqual({
    left: 450,
    top: 250,
    width: 100,
    height: 100,
  });
});

test("near an edge the crop shifts and keeps its size", () => {
  expect(portraitCrop(faceAt(980, 10, 48), { width: 1000, height: 600 })).toEqual({
    left: 900,
    top: 0,
    width: 100,
    height: 100,
  });
});

test("a picture that is too small for the crop gives all of its shorter side, around the face", () => {
  // The crop would be 417 pixels; the height is 300.
  expect(portraitCrop(faceAt(200, 150, 200), { width: 1000, height: 300 })).toEqual({
    left: 50,
    top: 0,
    width: 300,
    height: 300,
  });
});

test.each([
  ["the median", 123, 135, 128],
  ["the smallest head", 96, 120, 126],
  ["the largest head", 166, 150, 130],
  ["far to the right", 117, 183, 150],
])("a picture framed as the training material stays whole: %s", (_, size, x, y) => {
  expect(portraitCrop(faceAt(x, y, size), { width: 256, height: 256 })).toEqual({
    left: 0,
    top: 0,
    width: 256,
    height: 256,
  });
});

test("a wide picture with a centred close-up gives its middle square", () => {
  // 0.8 of the height and 60 pixels from the middle of 1280: as good as centred.
  const picture = { width: 1280, height: 720 };
  expect(portraitCrop(faceAt(700, 380, 0.48 * 576), picture)).toEqual(centreCrop(picture));
});

test("a crop of another aspect holds the square", () => {
  const picture = { width: 1000, height: 1000 };
  expect(portraitCrop(faceAt(500, 500, 48), picture, { aspect: 2 })).toMatchObject({ width: 200, height: 100 });
  expect(portraitCrop(faceAt(500, 500, 48), picture, { aspect: 0.5 })).toMatchObject({ width: 100, height: 200 });
});

test("a margin of a tenth adds a tenth on each side", () => {
  expect(portraitCrop(faceAt(500, 500, 48), { width: 1000, height: 1000 }, { margin: 0.1 })).toEqual({
    left: 440,
    top: 440,
    width: 120,
    height: 120,
  });
});

test.each([
  { aspect: 0 },
  { aspect: Number.NaN },
  { aspect: Number.POSITIVE_INFINITY },
  { margin: 3 },
  { margin: -0.5 },
])("refuses %o", (options) => {
  const error = () => portraitCrop(faceAt(50, 50, 20), { width: 100, height: 100 }, options);
  expect(error).toThrow(expect.objectContaining({ code: "OPTION" }));
});

describe("for any face", () => {
  const pixels = fc.double({ min: -500, max: 5000, noNaN: true });
  const size = fc.double({ min: 0.01, max: 5000, noNaN: true });
  const cases = fc.record({
    width: fc.integer({ min: 1, max: 4000 }),
    height: fc.integer({ min: 1, max: 4000 }),
    box: fc.record({ left: pixels, top: pixels, width: size, height: size }),
    aspect: fc.double({ min: 0.2, max: 5, noNaN: true }),
    margin: fc.double({ min: -0.25, max: 2, noNaN: true }),
  });

  test("the crop is whole pixels inside the picture", () => {
    fc.assert(
      fc.property(cases, ({ width, height, box, aspect, margin }) => {
        expectCrop(portraitCrop({ box }, { width, height }, { aspect, margin }), { width, height }, "crop");
      }),
    );
  });

  test("a square crop is square, and no larger than it must be", () => {
    fc.assert(
      fc.property(cases, ({ width, height, box }) => {
        const crop = portraitCrop({ box }, { width, height });
        const wanted = Math.sqrt(box.width * box.height) / 0.48;
        expect(crop.width).toBe(crop.height);
        expect(crop.width).toBeLessThanOrEqual(Math.max(1, wanted / 0.75 + 1));
      }),
    );
  });

  test("a face that is inside the picture is inside the crop", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const side = fc.integer({ min: 60, max: 4000 });
    const inside = fc.record({ width: side, height: side, x: share, y: share, size: share, shape: share });
    fc.assert(
      fc.property(inside, ({ width, height, x, y, size, shape }) => {
        const shorter = Math.min(width, height);
        const faceWidth = 4 + size * 0.4 * shorter;
        const faceHeight = faceWidth * (0.8 + 0.8 * shape); // 0.8 to 1.6, as YuNet gives them
        const box = {
          left: x * (width - faceWidth),
          top: y * (height - faceHeight),
          width: faceWidth,
          height: faceHeight,
        };
        const crop = portraitCrop({ box }, { width, height });
        expect(crop.left).toBeLessThanOrEqual(box.left);
        expect(crop.top).toBeLessThanOrEqual(box.top);
        expect(crop.left + crop.width).toBeGreaterThanOrEqual(box.left + box.width);
        expect(crop.top + crop.height).toBeGreaterThanOrEqual(box.top + box.height);
      }),
    );
  });
});
