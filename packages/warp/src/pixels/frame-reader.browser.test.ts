import { expect, test } from "vitest";
import { browserDevice } from "../testing/browser-device.ts";
import { randomNumbers } from "../testing/random-numbers.ts";
import { createFrameReader } from "./frame-reader.webgpu.ts";
import { flattenPicture, type Picture } from "./picture.ts";
import { createPictureResizer } from "./picture-resizer.ts";
import type { PixelSource } from "./pixel-source.ts";

const device = await browserDevice();
const [width, height] = [48, 32];
const size = { height: 12, width: 20 };
const crop = { left: 5, top: 3, width: 40, height: 27 };

function randomImageData(alphaOf: () => number = () => 255): ImageData {
  const { below } = randomNumbers(7);
  const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? alphaOf() : below(256)));
  return new ImageData(data, width, height);
}

function canvasOf(pixels: ImageData): OffscreenCanvas {
  const canvas = new OffscreenCanvas(pixels.width, pixels.height);
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
  return canvas;
}

/** The largest difference from what the CPU makes of the same pixels, in steps of a byte. */
async function differenceOf(source: PixelSource, picture: Picture): Promise<number> {
  using reader = createFrameReader(device, { size, frameSize: { width, height }, crop });
  using image = reader.read(source);
  const got = await image.read();
  const wanted = createPictureResizer(picture, size, crop)(picture).data;
  expect(got.length).toBe(wanted.length);
  return 255 * got.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0);
}

test("ImageData is read as bytes are", async () => {
  const pixels = randomImageData();
  expect(await differenceOf(pixels, pixels)).toBeLessThan(0.001);
});

test("canvases and bitmaps are read as the bytes in them are", async () => {
  const pixels = randomImageData();
  const element = Object.assign(document.createElement("canvas"), { width, height });
  element.getContext("2d")!.putImageData(pixels, 0, 0);
  for (const source of [canvasOf(pixels), element, await createImageBitmap(pixels)])
    expect(await differenceOf(source, pixels), source.constructor.name).toBeLessThan(0.001);
});

test("a picture element is read as the bytes in it are", async () => {
  const pixels = randomImageData();
  const element = new Image();
  element.src = URL.createObjectURL(await canvasOf(pixels).convertToBlob({ type: "image/png" }));
  await element.decode();
  expect(await differenceOf(element, pixels)).toBeLessThan(0.001);
});

test("what is transparent shows white, in bitmaps and in video frames", async () => {
  const { below } = randomNumbers(8);
  const pixels = randomImageData(() => below(256));
  const bitmap = await createImageBitmap(pixels, { premultiplyAlpha: "none" });
  expect(await differenceOf(bitmap, flattenPicture(pixels))).toBeLessThan(0.5); // the CPU rounds to bytes
  const layout = { format: "RGBA", codedWidth: width, codedHeight: height, timestamp: 0 } as const;
  using frame = disposable(new VideoFrame(pixels.data, layout));
  expect(await differenceOf(frame.value, flattenPicture(pixels))).toBeLessThan(1);
});

test("a video frame of a canvas is read where it is, and may be closed at once", async () => {
  const pixels = randomImageData();
  using reader = createFrameReader(device, { size, frameSize: { width, height }, crop });
  const frame = new VideoFrame(canvasOf(pixels), { timestamp: 0 });
  using image = reader.read(frame);
  frame.close();
  const got = await image.read();
  const wanted = createPictureResizer(pixels, size, crop)(pixels).data;
  // Video frames pass through a conversion of colours, even those that are RGB.
  for (const [i, value] of got.entries()) expect(Math.abs(value - wanted[i]!)).toBeLessThan(0.5 / 255);
});

test("a video frame of brightness and colour planes, as cameras give, is read as grey where it is grey", async () => {
  const [luma, chroma] = [width * height, (width * height) / 4];
  const data = new Uint8Array(luma + 2 * chroma).fill(128, luma);
  for (let i = 0; i < luma; i++) data[i] = 16 + ((i % width) * 219) / (width - 1); // black to white, limited range
  using frame = disposable(
    new VideoFrame(data, { format: "I420", codedWidth: width, codedHeight: height, timestamp: 0 }),
  );
  const grey = new Uint8ClampedArray(4 * luma).map((_, i) => {
    return i % 4 === 3 ? 255 : ((data[i >> 2]! - 16) * 255) / 219;
  });
  expect(await differenceOf(frame.value, { width, height, data: grey })).toBeLessThan(2);
});

test("the current frame of a video element is read", async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d")!;
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = canvas.captureStream(30);
  const painting = setInterval(() => {
    context.fillStyle = "rgb(200, 40, 90)";
    context.fillRect(0, 0, width, height);
  }, 30);
  await video.play();
  await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  const data = new Uint8ClampedArray(4 * width * height).map((_, i) => [200, 40, 90, 255][i % 4]!);
  // Streams of canvases are compressed to brightness and colour.
  expect(await differenceOf(video, { width, height, data })).toBeLessThan(4);
  clearInterval(painting);
});

function disposable(value: VideoFrame): Disposable & { readonly value: VideoFrame } {
  return { value, [Symbol.dispose]: () => value.close() };
}
