import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { expect, test } from "vitest";
import { identityGrid } from "../identity-grid/identity-grid.ts";
import { imageToPicture } from "../pixels/image-to-picture.ts";
import { largestDifference, paintTexture } from "../testing/paint-texture.ts";
import { displacementOf } from "./displacement.ts";
import { type BlendMap, warpPicture } from "./picture-warp.ts";
import { createWarpPainter } from "./warp-painter.ts";

const device = await testDevice();
const picture = imageToPicture(noise([1, 3, 21, 34], 1, [0, 1]));

/** A flow that bends the identity by up to `by`, out of the picture too. */
function flowOf(height: number, width: number, by: number) {
  const bend = noise([1, height, width, 2], 3, [-by, by]).data;
  return tensor(
    "float32",
    identityGrid({ height, width }).data.map((at, i) => at + bend[i]!),
    [1, height, width, 2],
  );
}

function upload(data: Float32Array) {
  const buffer = device!.createBuffer({ size: data.byteLength, usage: 0x80 | 0x08 });
  device!.queue.writeBuffer(buffer, 0, data as Float32Array<ArrayBuffer>);
  return buffer;
}

async function paint(flow: ReturnType<typeof flowOf>, alignCorners: boolean, blend?: BlendMap) {
  const buffer = upload(flow.data);
  const over = blend && { weights: upload(blend.weights), image: upload(blend.image.data) };
  const size = [picture.width, picture.height];
  const texture = device!.createTexture({ size, format: "rgba8unorm", usage: 0x02 | 0x04 });
  const rows = { bytesPerRow: 4 * picture.width };
  device!.queue.writeTexture({ texture }, picture.data as Uint8Array<ArrayBuffer>, rows, size);
  const cells = { height: flow.dims[1], width: flow.dims[2] };
  const painter = createWarpPainter(device!, "rgba8unorm", { picture, cells, alignCorners, ...(blend && { blend }) });
  const bytes = await paintTexture(device!, picture, (encoder, target) =>
    painter.encode(encoder, buffer, texture.createView(), target, over),
  );
  for (const made of [buffer, texture, ...Object.values(over ?? {})]) made.destroy();
  return bytes;
}

test.skipIf(!device).each([
  [8, 8, 0.1, true],
  [8, 8, 0.1, false],
  [5, 12, 1.5, true],
  [1, 1, 0.3, false],
  [21, 34, 0.05, true],
])("a flow of %d × %d that bends by %d (aligned: %s) moves a picture as warpPicture does", async (...asked) => {
  const [height, width, by, alignCorners] = asked;
  const flow = flowOf(height, width, by);
  const wanted = warpPicture(picture, displacementOf(flow, { alignCorners }));
  // Bytes on the way in and out; a GPU may round a half either way.
  expect(largestDifference(await paint(flow, alignCorners), wanted.data)).toBeLessThanOrEqual(1);
});

test.skipIf(!device)("it is painted over as warpPicture paints", async () => {
  const flow = flowOf(6, 9, 0.2);
  const [height, width] = [12, 20];
  const weights = noise([height, width], 5, [0, 1]).data.map((share) => (share < 0.3 ? 0 : share));
  const blend = { height, width, weights, image: noise([1, 3, height, width], 6, [0, 1]) };
  const wanted = warpPicture(picture, displacementOf(flow, { alignCorners: true }), blend);
  // warpPicture rounds to bytes before it paints, and again afterwards.
  expect(largestDifference(await paint(flow, true, blend), wanted.data)).toBeLessThanOrEqual(1);
  expect(largestDifference(await paint(flow, true), wanted.data)).toBeGreaterThan(50);
});

test.skipIf(!device)("a place that is no number is read from where it is", async () => {
  const flow = flowOf(4, 4, 0);
  flow.data.fill(Number.NaN, 0, 6);
  expect(largestDifference(await paint(flow, true), picture.data)).toBeLessThanOrEqual(1);
});
