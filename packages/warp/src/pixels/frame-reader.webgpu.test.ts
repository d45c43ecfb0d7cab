import { testDevice } from "@bunraku/backends/testing/device";
import { expect, test } from "vitest";
import { randomNumbers } from "../testing/random-numbers.ts";
import { createFrameReader } from "./frame-reader.webgpu.ts";
import { flattenPicture, type Picture } from "./picture.ts";
import { createPictureResizer } from "./picture-resizer.ts";

const device = await testDevice();

/** Random bytes, opaque unless asked otherwise. */
function randomPicture(width: number, height: number, { transparent = false } = {}): Picture {
  const { below } = randomNumbers(width * 1000 + height);
  const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 && !transparent ? 255 : below(256),
  );
  return { width, height, data };
}

const differenceOf = (got: Float32Array, wanted: Float32Array) => {
  expect(got.length).toBe(wanted.length);
  return got.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0);
};

const cases = [
  { name: "the same size", from: [16, 16], to: [16, 16] },
  { name: "a third", from: [48, 30], to: [10, 16] },
  { name: "larger", from: [5, 7], to: [16, 12] },
  { name: "wider and lower", from: [7, 31], to: [9, 20] },
  { name: "one pixel", from: [1, 1], to: [3, 3] },
  { name: "a crop", from: [20, 14], to: [8, 8], crop: { left: 3, top: 2, width: 16, height: 11 } },
] as const;

// Sums of a hundred weights in float32.
const tolerance = 2e-6;

test.skipIf(!device).each(cases)(
  "bytes become the image that the resizer makes: $name",
  async ({ from, to, ...rest }) => {
    const picture = randomPicture(from[0], from[1]);
    const size = { width: to[0], height: to[1] };
    const crop = "crop" in rest ? { crop: rest.crop } : {};
    using reader = createFrameReader(device!, { size, frameSize: picture, ...crop });
    using image = reader.read(picture);
    const wanted = createPictureResizer(picture, size, crop.crop)(picture);
    expect(image.dims).toEqual(wanted.dims);
    expect(differenceOf(await image.read(), wanted.data)).toBeLessThan(tolerance);
  },
);

test.skipIf(!device)("what is transparent shows white, or the background that is asked for", async () => {
  const picture = randomPicture(12, 9, { transparent: true });
  const size = { width: 5, height: 5 };
  for (const background of [undefined, [10, 200, 90]] as const) {
    using reader = createFrameReader(device!, { size, frameSize: picture, ...(background && { background }) });
    using image = reader.read(picture);
    const flat = flattenPicture(picture, background);
    // Flattening on the CPU rounds to bytes.
    const wanted = createPictureResizer(flat, size)(flat);
    expect(differenceOf(await image.read(), wanted.data)).toBeLessThan(0.5 / 255);
  }
});

test.skipIf(!device)("images are their owners' until they are disposed, then their memory is used again", async () => {
  const size = { width: 4, height: 4 };
  const pictures = [randomPicture(4, 4), randomPicture(8, 8)] as const;
  using reader = createFrameReader(device!, { size, frameSize: pictures[0], crop: { left: 0, top: 0, ...size } });
  const first = reader.read(pictures[0]);
  const second = reader.read(pictures[1]); // of another size: its upper left corner
  const [r, , , , g] = await first.read();
  expect(r).toBeCloseTo(pictures[0].data[0]! / 255, 6);
  expect(g).toBeCloseTo(pictures[0].data[16]! / 255, 6);
  expect((await second.read())[4]).toBeCloseTo(pictures[1].data[32]! / 255, 6);
  const { buffer } = first;
  first[Symbol.dispose]();
  using third = reader.read(pictures[0]);
  expect(third.buffer).toBe(buffer);
  second[Symbol.dispose]();
});

test.skipIf(!device)(
  "a frame that the crop does not fit, or without its bytes, is refused, and so is a disposed reader",
  () => {
    const reader = createFrameReader(device!, { size: { width: 4, height: 4 }, frameSize: { width: 8, height: 8 } });
    expect(() => reader.read(randomPicture(7, 8))).toThrow(
      "crop: a crop must be whole pixels inside 7 × 8, got 8 × 8 at (0, 0).",
    );
    expect(() => reader.read({ width: 8, height: 8, data: new Uint8Array(3) })).toThrow(
      "frame: 8 × 8 RGBA needs 256 bytes, got 3.",
    );
    reader[Symbol.dispose]();
    expect(() => reader.read(randomPicture(8, 8))).toThrow("frame reader: a frame was read after it was disposed.");
  },
);
