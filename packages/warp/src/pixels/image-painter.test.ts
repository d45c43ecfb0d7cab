import { noise } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { expect, test } from "vitest";
import { resizeBilinear, type Size } from "../resize/resize-bilinear.ts";
import { createImagePainter } from "./image-painter.ts";
import { imageToPicture } from "./image-to-picture.ts";
import type { Picture } from "./picture.ts";

const device = await testDevice();

/** What is painted onto a texture of a size, as RGBA bytes. */
async function paint(image: ReturnType<typeof noise<readonly [1, 3, number, number]>>, { height, width }: Size) {
  const usage = { render: 0x10 | 0x01, storage: 0x80 | 0x08, staging: 0x01 | 0x08 };
  const texture = device!.createTexture({ size: [width, height], format: "rgba8unorm", usage: usage.render });
  const buffer = device!.createBuffer({ size: image.data.byteLength, usage: usage.storage });
  device!.queue.writeBuffer(buffer, 0, image.data as Float32Array<ArrayBuffer>);
  const staging = device!.createBuffer({ size: 256 * height, usage: usage.staging });
  const encoder = device!.createCommandEncoder();
  createImagePainter(device!, "rgba8unorm", image.dims).encode(encoder, buffer, texture.createView());
  encoder.copyTextureToBuffer({ texture }, { buffer: staging, bytesPerRow: 256 }, [width, height]);
  device!.queue.submit([encoder.finish()]);
  await staging.mapAsync(0x01);
  const rows = new Uint8Array(staging.getMappedRange().slice(0));
  for (const made of [texture, buffer, staging]) made.destroy();
  return Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => {
    return rows[256 * Math.floor(i / (4 * width)) + (i % (4 * width))]!;
  });
}

const largestDifference = (got: Uint8ClampedArray, wanted: Picture["data"]) =>
  got.reduce((most, byte, i) => Math.max(most, Math.abs(byte - wanted[i]!)), 0);

test.skipIf(!device)("an image on a target of its size is the image, clipped and opaque", async () => {
  const image = noise([1, 3, 9, 14], 1, [-0.2, 1.2]);
  // A GPU may round a byte's half either way.
  expect(
    largestDifference(await paint(image, { height: 9, width: 14 }), imageToPicture(image).data),
  ).toBeLessThanOrEqual(1);
});

test.skipIf(!device).each([
  [20, 31],
  [4, 6],
  [1, 1],
])("on a target of %d × %d it is resized bilinearly", async (height, width) => {
  const image = noise([1, 3, 9, 14], 2, [0, 1]);
  const wanted = imageToPicture(resizeBilinear(image, { height, width }));
  expect(largestDifference(await paint(image, { height, width }), wanted.data)).toBeLessThanOrEqual(1);
});
