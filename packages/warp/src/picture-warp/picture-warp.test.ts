import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { imageToPicture } from "../pixels/image-to-picture.ts";
import type { Picture } from "../pixels/picture.ts";
import type { Image } from "../pixels/picture-resizer.ts";
import type { Displacement } from "./displacement.ts";
import { type BlendMap, warpImage, warpPicture } from "./picture-warp.ts";

/** Any bytes, alpha too. */
function bytes(width: number, height: number): Picture {
  const { data } = noise([width * height * 4], 9, [0, 256]);
  return { width, height, data: Uint8ClampedArray.from(data, Math.floor) };
}

function grey(width: number, values: readonly number[], alpha = 255): Picture {
  const data = new Uint8ClampedArray(values.length * 4);
  for (const [i, value] of values.entries()) data.set([value, value, value, alpha], 4 * i);
  return { width, height: values.length / width, data };
}

/** Every cell reads `x`, `y` (shares of width and height) further on. */
function shift(x: number, y: number, height = 1, width = 1): Displacement {
  const data = new Float32Array(height * width * 2);
  for (let i = 0; i < data.length; i++) data[i] = i % 2 === 0 ? x : y;
  return { height, width, data };
}

const paint = (colour: number, weight: number): BlendMap => ({
  height: 1,
  width: 1,
  weights: Float32Array.of(weight),
  image: tensor("float32", new Float32Array(3).fill(colour), [1, 3, 1, 1]),
});

const reds = ({ data }: Picture) => [...data].filter((_, i) => i % 4 === 0);
const side = fc.integer({ min: 1, max: 30 });

test("zero displacement is the identity, byte for byte, at any size of picture and map", () => {
  fc.assert(
    fc.property(side, side, side, side, (width, height, mapWidth, mapHeight) => {
      const picture = bytes(width, height);
      const same = warpPicture(picture, shift(0, 0, mapHeight, mapWidth));
      expect([same.width, same.height]).toEqual([width, height]);
      expect(Buffer.compare(Buffer.from(same.data), Buffer.from(picture.data))).toBe(0);
    }),
  );
});

test("the picture that comes back has bytes of its own", () => {
  const picture = bytes(3, 2);
  expect(warpPicture(picture, shift(0, 0)).data).not.toBe(picture.data);
});

test("a displacement of whole pixels shifts exactly, and the border continues", () => {
  fc.assert(
    fc.property(
      side,
      side,
      fc.integer({ min: -4, max: 4 }),
      fc.integer({ min: -4, max: 4 }),
      (width, height, dx, dy) => {
        const picture = bytes(width, height);
        const moved = warpPicture(picture, shift(dx / width, dy / height, 3, 4));
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const fromX = Math.min(Math.max(x + dx, 0), width - 1);
            const fromY = Math.min(Math.max(y + dy, 0), height - 1);
            for (let c = 0; c < 4; c++)
              expect(moved.data[(y * width + x) * 4 + c]).toBe(picture.data[(fromY * width + fromX) * 4 + c]);
          }
        }
      },
    ),
    { numRuns: 30 },
  );
});

test("half a pixel further on lies the mean of two, and alpha moves with the picture", () => {
  const row: Picture = { width: 2, height: 1, data: Uint8ClampedArray.of(10, 20, 30, 100, 30, 40, 50, 200) };
  expect([...warpPicture(row, shift(0.25, 0)).data]).toEqual([20, 30, 40, 150, 30, 40, 50, 200]);
});

test("a row further down is mixed in by its share", () => {
  expect(reds(warpPicture(grey(1, [0, 100]), shift(0, 0.125)))).toEqual([25, 100]);
});

test("cells of a map act where they lie", () => {
  // Left cell: one pixel to the right of eight; right cell: nothing. Between the cell centres the move fades.
  const map = { height: 1, width: 2, data: Float32Array.of(1 / 8, 0, 0, 0) };
  expect(reds(warpPicture(grey(8, [0, 80, 160, 240, 40, 120, 200, 255]), map)).slice(0, 2)).toEqual([80, 160]);
  expect(reds(warpPicture(grey(8, [0, 80, 160, 240, 40, 120, 200, 255]), map)).slice(6)).toEqual([200, 255]);
});

test("displacements of any size read inside the picture", () => {
  const flat = grey(4, new Array(12).fill(90));
  for (const far of [1e30, -1e30, 7.3, -0.01])
    expect(reds(warpPicture(flat, shift(far, -far)))).toEqual(new Array(12).fill(90));
});

test("a blend weight of 1 shows the painted picture, opaque", () => {
  const painted = warpPicture(grey(2, [10, 20], 40), shift(0, 0), paint(0.6, 1));
  expect([...painted.data]).toEqual([153, 153, 153, 255, 153, 153, 153, 255]);
});

test("a blend weight of 0 leaves the warp", () => {
  const picture = bytes(5, 4);
  const map = shift(0.1, -0.2);
  expect(warpPicture(picture, map, paint(0.6, 0)).data).toEqual(warpPicture(picture, map).data);
});

test("a blend weight between mixes colours and alpha", () => {
  expect([...warpPicture(grey(1, [100], 55), shift(0, 0), paint(200 / 255, 0.25)).data]).toEqual([125, 125, 125, 105]);
});

test("painting keeps the three colours apart and lays the small picture over the large one", () => {
  const image: Image = tensor("float32", Float32Array.of(0, 1, 0.2, 0.2, 0.4, 0.4), [1, 3, 1, 2]);
  const all: BlendMap = { height: 1, width: 1, weights: Float32Array.of(1), image };
  const { data } = warpPicture(grey(4, [7, 7, 7, 7]), shift(0, 0), all);
  expect([...data]).toEqual([0, 51, 102, 255, 64, 51, 102, 255, 191, 51, 102, 255, 255, 51, 102, 255]);
});

test("painting where the weight is, and only there", () => {
  const left: BlendMap = { ...paint(1, 0), height: 1, width: 4, weights: Float32Array.of(1, 0, 0, 0) };
  expect(reds(warpPicture(grey(4, [0, 0, 0, 0]), shift(0, 0), left))).toEqual([255, 0, 0, 0]);
});

test("warpImage is warpPicture for floats", () => {
  const image = noise([1, 3, 6, 5], 3, [0, 1]);
  const map: Displacement = { height: 3, width: 2, data: noise([12], 4, [-0.4, 0.4]).data };
  const bytewise = warpPicture(imageToPicture(image), map);
  const floatwise = imageToPicture(warpImage(image, map));
  for (const [i, byte] of floatwise.data.entries()) expect(Math.abs(byte - bytewise.data[i]!)).toBeLessThanOrEqual(1);
});

test("bytes are within one level of the same warp in floats, whatever the map", () => {
  const share = fc.float({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(side, side, fc.array(share, { minLength: 24, maxLength: 24 }), (width, height, moves) => {
      const { data } = bytes(width, height);
      const opaque = { width, height, data: data.map((byte, i) => (i % 4 === 3 ? 255 : byte)) };
      const map: Displacement = { height: 3, width: 4, data: Float32Array.from(moves) };
      const planes = Float32Array.from({ length: 3 * width * height }, (_, i) => {
        const pixel = i % (width * height);
        return data[4 * pixel + Math.floor(i / (width * height))]! / 255;
      });
      const floats = imageToPicture(warpImage(tensor("float32", planes, [1, 3, height, width]), map));
      const { data: moved } = warpPicture(opaque, map);
      for (const [i, byte] of floats.data.entries()) expect(Math.abs(byte - moved[i]!)).toBeLessThanOrEqual(1);
    }),
  );
});

test("bytes may lie anywhere in their buffer", () => {
  const picture = bytes(5, 3);
  const odd = new Uint8Array(5 * 3 * 4 + 1);
  odd.set(picture.data, 1);
  const map = shift(0.13, -0.2, 2, 2);
  expect(warpPicture({ ...picture, data: odd.subarray(1) }, map).data).toEqual(warpPicture(picture, map).data);
});

test("warpImage without displacement returns the image", () => {
  const image = noise([1, 3, 6, 5]);
  expect(warpImage(image, shift(0, 0, 2, 3)).data).toEqual(image.data);
});

test("wrong shapes are named", () => {
  const picture = bytes(2, 2);
  expect(() => warpPicture({ ...picture, width: 3 }, shift(0, 0))).toThrow(
    "warpPicture: 3 × 2 RGBA needs 24 bytes, got 16.",
  );
  const small = noise([1, 1, 2, 2]) as never;
  expect(() => warpPicture(picture, shift(0, 0), { ...paint(1, 1), image: small })).toThrow(
    "blend image: expected [1, 3, H, W], got [1, 1, 2, 2].",
  );
  expect(() => warpImage(small, shift(0, 0))).toThrow("warpImage image: expected [1, 3, H, W], got [1, 1, 2, 2].");
});

test("a map without the values of its cells is refused", () => {
  const short = { height: 2, width: 2, data: new Float32Array(7) };
  const message = "displacement: 2 × 2 cells of 2 need 8 values, got 7.";
  expect(() => warpPicture(bytes(2, 2), short)).toThrow(message);
  expect(() => warpImage(noise([1, 3, 2, 2]), short)).toThrow(message);
  expect(() => warpPicture(bytes(2, 2), shift(0, 0), { ...paint(1, 1), width: 2 })).toThrow(
    "blend weights: 2 × 1 cells of 1 need 2 values, got 1.",
  );
});
