import { noise } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { expect, test } from "vitest";
import { resizeBilinear, type Size } from "../resize/resize-bilinear.ts";
import { largestDifference, paintTexture } from "../testing/paint-texture.ts";
import { createImagePainter } from "./image-painter.ts";
import { imageToPicture } from "./image-to-picture.ts";

const device = await testDevice();

/** What is painted onto a texture of a size, as RGBA bytes. */
async function paint(image: ReturnType<typeof noise<readonly [1, 3, number, number]>>, size: Size) {
  const buffer = device!.createBuffer({ size: image.data.byteLength, usage: 0x80 | 0x08 });
  device!.queue.writeBuffer(buffer, 0, image.data as Float32Array<ArrayBuffer>);
  const painter = createImagePainter(device!, "rgba8unorm", image.dims);
  const bytes = await paintTexture(device!, size, (encoder, target) => painter.encode(encoder, buffer, target));
  buffer.destroy();
  return bytes;
}

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
