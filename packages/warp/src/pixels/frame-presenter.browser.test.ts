import { noise } from "@bunraku/backends/testing";
import { expect, test } from "vitest";
import { resizeBilinear } from "../resize/resize-bilinear.ts";
import { browserDevice } from "../testing/browser-device.ts";
import { createFramePresenter } from "./frame-presenter.webgpu.ts";
import { createFrameReader } from "./frame-reader.webgpu.ts";
import { imageToPicture } from "./image-to-picture.ts";

const device = await browserDevice();

/** What a canvas shows, as RGBA bytes. In the same task as the drawing: afterwards a canvas of WebGPU is empty. */
function bytesOf(canvas: OffscreenCanvas | HTMLCanvasElement): Uint8ClampedArray {
  const context = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
}

test.each(["element", "offscreen"])(
  "an image is shown over the whole canvas (%s), of the same and of other sizes",
  (kind) => {
    const size = { height: 11, width: 17 };
    const picture = imageToPicture(noise([1, 3, 11, 17], 1, [0, 1]));
    using reader = createFrameReader(device, { size, frameSize: size });
    using image = reader.read(picture);
    const onCpu = noise([1, 3, 11, 17], 1, [0, 1]);
    for (const [width, height] of [
      [17, 11],
      [40, 23],
      [5, 6],
    ] as const) {
      const canvas =
        kind === "element"
          ? Object.assign(document.createElement("canvas"), { width, height })
          : new OffscreenCanvas(width, height);
      using presenter = createFramePresenter(device, canvas.getContext("webgpu") as GPUCanvasContext);
      presenter.present(image);
      const got = bytesOf(canvas);
      const wanted = imageToPicture(resizeBilinear(onCpu, { height, width })).data;
      const most = got.reduce((most, byte, i) => Math.max(most, Math.abs(byte - wanted[i]!)), 0);
      expect(most, `${width} × ${height}`).toBeLessThanOrEqual(2); // read from bytes, resized, and to bytes again
    }
  },
);

test("a canvas that changes its size goes on showing images", () => {
  const size = { height: 4, width: 4 };
  const data = new Uint8ClampedArray(64).map((_, i) => [250, 100, 0, 255][i % 4]!);
  using reader = createFrameReader(device, { size, frameSize: size });
  using image = reader.read({ width: 4, height: 4, data });
  const canvas = new OffscreenCanvas(4, 4);
  using presenter = createFramePresenter(device, canvas.getContext("webgpu")!);
  for (const side of [4, 9, 6]) {
    canvas.width = side;
    canvas.height = side;
    presenter.present(image);
    const got = bytesOf(canvas);
    expect(got.length).toBe(4 * side * side);
    expect(got.every((byte, i) => byte === [250, 100, 0, 255][i % 4])).toBe(true);
  }
});

test("an image on the CPU is refused", () => {
  using presenter = createFramePresenter(device, new OffscreenCanvas(4, 4).getContext("webgpu")!);
  expect(() => presenter.present(noise([1, 3, 4, 4]))).toThrow("frame presenter: the image is on the CPU.");
});
