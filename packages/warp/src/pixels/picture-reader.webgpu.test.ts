import { type Tensor, tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { deviceTensor } from "@bunraku/backends/webgpu";
import { expect, test } from "vitest";
import { imageToPicture } from "./image-to-picture.ts";
import { createPictureReader } from "./picture-reader.webgpu.ts";

const device = await testDevice();

function upload(image: Tensor<"float32">) {
  const buffer = device!.createBuffer({ size: image.data.byteLength, usage: 0x80 | 0x08 });
  device!.queue.writeBuffer(buffer, 0, image.data as Float32Array<ArrayBuffer>);
  return deviceTensor(device!, buffer, image.dims, () => buffer.destroy());
}

test.skipIf(!device)("bytes are those of imageToPicture, for values in and around [0, 1]", async () => {
  const reader = createPictureReader(device!);
  for (const dims of [
    [1, 3, 17, 31],
    [1, 3, 1, 1],
  ] as const) {
    const image = noise(dims, 1, [-0.2, 1.2]);
    using onDevice = upload(image);
    expect(await reader.read(onDevice)).toEqual(imageToPicture(image));
  }
});

test.skipIf(!device)(
  "bytes are rounded as imageToPicture rounds them at every tie and the floats around it",
  async () => {
    const values = [Number.NaN, Infinity, -Infinity, -0, 1, 0.5];
    for (let byte = 0; byte <= 255; byte++) {
      for (const place of [byte, byte + 0.5]) {
        const bits = new Uint32Array(Float32Array.of(place / 255).buffer);
        for (let step = -3; step <= 3; step++) {
          if (bits[0]! + step < 0) continue;
          values.push(new Float32Array(Uint32Array.of(bits[0]! + step).buffer)[0]!);
        }
      }
    }
    while (values.length % 3 !== 0) values.push(0);
    const image = tensor("float32", Float32Array.from(values), [1, 3, 1, values.length / 3]);
    using onDevice = upload(image);
    expect(await createPictureReader(device!).read(onDevice)).toEqual(imageToPicture(image));
  },
);

test.skipIf(!device)("reads may overlap", async () => {
  const reader = createPictureReader(device!);
  const images = [1, 2, 3].map((seed) => noise([1, 3, 4, 4], seed, [0, 1]));
  const pictures = await Promise.all(
    images.map(async (image) => {
      using onDevice = upload(image);
      return reader.read(onDevice);
    }),
  );
  expect(pictures).toEqual(images.map((image) => imageToPicture(image)));
});

test.skipIf(!device)("images on the CPU and other shapes are refused", async () => {
  const reader = createPictureReader(device!);
  await expect(reader.read(noise([1, 3, 2, 2]))).rejects.toThrow("picture reader: the image is on the CPU.");
  await expect(reader.read(noise([1, 4, 2, 2]))).rejects.toThrow(
    "picture reader image: expected [1, 3, H, W], got [1, 4, 2, 2].",
  );
});
