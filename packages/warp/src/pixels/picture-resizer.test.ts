import fc from "fast-check";
import { expect, test } from "vitest";
import { cropPicture, type Picture } from "./picture.ts";
import { createPictureResizer } from "./picture-resizer.ts";

/** An opaque grey picture with these values, row by row. */
function grey(width: number, values: readonly number[]): Picture {
  const data = new Uint8ClampedArray(values.length * 4);
  for (const [i, value] of values.entries()) data.set([value, value, value, 255], 4 * i);
  return { width, height: values.length / width, data };
}

const whole = ({ width, height }: Picture) => ({ left: 0, top: 0, width, height });
const red = (picture: Picture, size: { height: number; width: number }) => {
  const { data } = createPictureResizer(picture, size, whole(picture))(picture);
  return [...data.subarray(0, size.height * size.width)];
};

test("a picture becomes planes of red, green and blue in [0, 1]; alpha is ignored", () => {
  const picture = { width: 2, height: 1, data: Uint8ClampedArray.of(0, 51, 102, 7, 255, 204, 153, 9) };
  const image = createPictureResizer(picture, { height: 1, width: 2 })(picture);
  expect(image.dims).toEqual([1, 3, 1, 2]);
  expect([...image.data]).toEqual([0, 1, 51 / 255, 204 / 255, 102 / 255, 153 / 255].map(Math.fround));
});

test("the same size is exact for every byte", () => {
  const picture = grey(
    16,
    Array.from({ length: 256 }, (_, i) => i),
  );
  expect(red(picture, { height: 16, width: 16 })).toEqual(Array.from({ length: 256 }, (_, i) => Math.fround(i / 255)));
});

test("the weights sum to one: a constant picture stays constant", () => {
  const side = fc.integer({ min: 1, max: 24 });
  fc.assert(
    fc.property(side, side, side, side, (height, width, toHeight, toWidth) => {
      const values = red(grey(width, new Array(height * width).fill(204)), { height: toHeight, width: toWidth });
      expect(values.every((value) => Math.abs(value - 0.8) < 1e-6)).toBe(true);
    }),
  );
});

test("halving blurs with five taps, mirrored at the border, and reads between the middle two", () => {
  // Taps a b c b a = 0.000263865 0.106450772 0.786570726 …; the row 0 0 1 1 is mirrored to 1 0 | 0 0 1 1 | 1 0.
  // Blurred: 2a, then b + a; their mean is (3a + b) / 2.
  const [first, second] = red(grey(4, [0, 0, 255, 255]), { height: 1, width: 2 });
  expect(first).toBeCloseTo((3 * 0.000263865 + 0.106450772) / 2, 7);
  expect(second).toBeCloseTo(1 - (3 * 0.000263865 + 0.106450772) / 2, 7);
});

test("growing interpolates between pixel centres and mirrors beyond them, without a blur", () => {
  // Places -0.25, 0.25, 0.75, 1.25 of 0 1: the outer two are mirrored to 0.25 and 0.75.
  expect(red(grey(2, [0, 255]), { height: 1, width: 4 })).toEqual([0.25, 0.25, 0.75, 0.75]);
});

const sevenByFive = grey(
  7,
  Array.from({ length: 35 }, (_, i) => (37 * i) % 256),
);

// Made with SciPy 1.17: gaussian_filter(sigma = (r - 1) / 2, mode "mirror"), then zoom(order 1, mode "mirror", grid_mode),
// which is what scikit-image 0.19 calls in resize(anti_aliasing=True).
test("five rows of seven become two rows of three as scikit-image makes them", () => {
  const wanted = [0.1286728, 0.4458603, 0.7630478, 0.1545992, 0.4717868, 0.7889743];
  for (const [i, value] of red(sevenByFive, { height: 2, width: 3 }).entries())
    expect(value).toBeCloseTo(wanted[i]!, 6);
});

test("one axis shrinks and the other grows, as scikit-image makes them", () => {
  const wanted = [
    0.0304735, 0.0700457, 0.1623808, 0.2547159, 0.347051, 0.4393862, 0.5317213, 0.6240564, 0.7163915, 0.8087266,
    0.8482988, 0.0499109, 0.0894831, 0.1818182, 0.2741533, 0.3664884, 0.4588235, 0.5511586, 0.6434938, 0.7358289,
    0.828164, 0.8677362, 0.0693482, 0.1089204, 0.2012556, 0.2935907, 0.3859258, 0.4782609, 0.570596, 0.6629311,
    0.7552662, 0.8476014, 0.8871736,
  ];
  for (const [i, value] of red(sevenByFive, { height: 3, width: 11 }).entries())
    expect(value).toBeCloseTo(wanted[i]!, 6);
});

test("a crop of the output's size is read as it lies, byte for byte", () => {
  const side = fc.integer({ min: 1, max: 12 });
  const any = fc.uint8Array({ minLength: 17 * 17 * 4, maxLength: 17 * 17 * 4 });
  fc.assert(
    fc.property(any, side, side, fc.nat(5), fc.nat(5), (data, width, height, left, top) => {
      const picture = { width: 17, height: 17, data };
      const alone = cropPicture(picture, { left, top, width, height }).data;
      const image = createPictureResizer(picture, { width, height }, { left, top, width, height })(picture);
      for (let i = 0; i < width * height; i++)
        for (let c = 0; c < 3; c++)
          expect(image.data[c * width * height + i]).toBe(Math.fround(alone[4 * i + c]! / 255));
    }),
    { numRuns: 30 },
  );
});

test("a crop is resized as if the picture were only that", () => {
  const crop = { left: 2, top: 1, width: 4, height: 3 };
  const alone = cropPicture(sevenByFive, crop);
  const size = { height: 2, width: 5 };
  expect(createPictureResizer(sevenByFive, size, crop)(sevenByFive).data).toEqual(
    createPictureResizer(alone, size, whole(alone))(alone).data,
  );
});

test("without a crop, the largest centred rectangle of the output's aspect is read", () => {
  const wide = grey(6, [9, 0, 51, 102, 153, 9, 9, 204, 255, 0, 51, 9]);
  const square = createPictureResizer(wide, { height: 2, width: 2 })(wide);
  expect([...square.data.subarray(0, 4)]).toEqual([51, 102, 255, 0].map((value) => Math.fround(value / 255)));
});

test("each call returns an image of its own", () => {
  const resize = createPictureResizer(sevenByFive, { height: 2, width: 2 });
  const first = resize(sevenByFive);
  const before = [...first.data];
  resize(grey(7, new Array(35).fill(0)));
  expect([...first.data]).toEqual(before);
});

test("a crop that reaches outside is refused", () => {
  const crop = { left: 5, top: 0, width: 4, height: 4 };
  expect(() => createPictureResizer(sevenByFive, { height: 2, width: 2 }, crop)).toThrow(
    "crop: a crop must be whole pixels inside 7 × 5, got 4 × 4 at (5, 0).",
  );
});

test("a later picture in which the crop does not fit is refused", () => {
  const resize = createPictureResizer(sevenByFive, { height: 2, width: 2 });
  expect(() => resize(grey(2, [1, 2]))).toThrow("crop: a crop must be whole pixels inside 2 × 1, got 5 × 5 at (1, 0).");
});

test("a picture without the bytes of its size is refused", () => {
  const resize = createPictureResizer(sevenByFive, { height: 2, width: 2 });
  expect(() => resize({ width: 7, height: 5, data: new Uint8Array(105) })).toThrow(
    "picture: 7 × 5 RGBA needs 140 bytes, got 105.",
  );
});
