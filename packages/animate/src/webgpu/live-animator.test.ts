import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import { deviceTensor, type WebGpuBackend } from "@bunraku/backends/webgpu";
import type { Keypoints } from "@bunraku/keypoints";
import { type Image, identityGrid, imageToPicture } from "@bunraku/warp";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { FrameOutput, Model, RenderedFrame } from "../models/model.ts";
import { compose } from "../render/compose.ts";
import { prepareSource } from "../render/prepare-source.ts";
import { createLiveAnimator } from "./live-animator.ts";
import type { LiveCanvas } from "./live-canvas.ts";

const [device, other] = [await testDevice(), await testDevice()];
const size = { height: 8, width: 16 };
const source = imageToPicture(proceduralImage(size, 0));
const images = [1, 2, 3].map((index) => proceduralImage(size, index));
const predictions = images.map((prediction) => ({ prediction }));

beforeEach(() => {
  vi.stubGlobal("navigator", { gpu: { getPreferredCanvasFormat: () => "rgba8unorm" } });
  return () => vi.unstubAllGlobals();
});

/** What an animator does to a canvas, on a texture that can be read. */
function readableCanvas({ height, width } = size) {
  let texture: GPUTexture | undefined;
  let on: GPUDevice | undefined;
  const context = {
    configure(given: { device: GPUDevice }) {
      on = given.device;
      texture = on.createTexture({ size: [width, height], format: "rgba8unorm", usage: 0x10 | 0x01 });
    },
    unconfigure() {
      on = undefined;
    },
    getCurrentTexture: () => texture!,
  };
  const canvas = { height, width, getContext: (name: string) => (name === "webgpu" ? context : null) };
  const bytes = async () => {
    const staging = on!.createBuffer({ size: 256 * height, usage: 0x01 | 0x08 });
    const encoder = on!.createCommandEncoder();
    encoder.copyTextureToBuffer({ texture: texture! }, { buffer: staging, bytesPerRow: 256 }, [width, height]);
    on!.queue.submit([encoder.finish()]);
    await staging.mapAsync(0x01);
    const rows = new Uint8Array(staging.getMappedRange());
    return Array.from({ length: height }, (_, y) => [...rows.subarray(256 * y, 256 * y + 4 * width)]).flat();
  };
  return { canvas: canvas as unknown as LiveCanvas, bytes, device: () => on };
}

type Outputs = Partial<Pick<RenderedFrame, "prediction" | "flow" | "occlusion">>;

/** A model whose frames are given: it is the canvas that is looked at here. */
function modelOf(backend: { gpu: GPUDevice }, frames: Iterable<Outputs>, detected: Promise<void> = Promise.resolve()) {
  const coming = frames[Symbol.iterator]();
  const keypoints = (): Keypoints => ({ points: tensor("float32", new Float32Array(2), [1, 2]) });
  const model: Partial<Model> = {
    size,
    alignCorners: true,
    hasMotion: true,
    detect: async () => {
      await detected;
      return keypoints();
    },
    encode: async (image) => ({ image, keypoints: keypoints(), [Symbol.dispose]() {} }),
    async render(_source, _driving, _initial, options) {
      const given = coming.next().value as Outputs;
      const asked = Object.entries(given).filter(([name]) => options!.outputs!.includes(name as FrameOutput));
      const kept = asked.map(([name, { dims, data }]) => {
        const buffer = backend.gpu.createBuffer({ size: data.byteLength, usage: 0x80 | 0x08 });
        backend.gpu.queue.writeBuffer(buffer, 0, data as Float32Array<ArrayBuffer>);
        return [name, deviceTensor(backend.gpu, buffer, dims, () => buffer.destroy())];
      });
      return { keypoints: keypoints(), warnings: [], ...Object.fromEntries(kept) };
    },
  };
  return model as Model;
}

/** White on the left: without an occlusion map, only what is another thing is painted. */
const halfWhite = ({ data, dims }: Image): Image =>
  tensor(
    "float32",
    data.map((value, i) => (i % size.width < size.width / 2 ? 1 : value)),
    dims,
  );
const pictureOf = (image: Image) => [...imageToPicture(image).data];
const gap = (got: readonly number[], wanted: readonly number[]) =>
  Math.max(...got.map((byte, i) => Math.abs(byte - wanted[i]!)));

describe.skipIf(!device || !other)("a live picture", () => {
  const backendOn = (gpu: GPUDevice) => ({ gpu }) as WebGpuBackend & { gpu: GPUDevice };

  test("goes on on another canvas, and gives the one before back", async () => {
    const backend = backendOn(device!);
    const [first, second] = [readableCanvas(), readableCanvas()];
    const { canvas } = first;
    await using live = await createLiveAnimator(backend, modelOf(backend, predictions), source, { canvas });
    using _one = await live.draw(source);
    expect(gap(await first.bytes(), pictureOf(images[0]!))).toBeLessThanOrEqual(1);
    live.showOn(second.canvas);
    expect(first.device()).toBe(device); // until there is a frame for the next
    using _two = await live.draw(source);
    expect(first.device()).toBeUndefined();
    expect(gap(await second.bytes(), pictureOf(images[1]!))).toBeLessThanOrEqual(1);
  });

  test("goes on on the next device and another canvas at once", async () => {
    const backend = backendOn(device!);
    const [first, second] = [readableCanvas(), readableCanvas()];
    const { canvas } = first;
    await using live = await createLiveAnimator(backend, modelOf(backend, predictions), source, { canvas });
    using _one = await live.draw(source);
    backend.gpu = other!;
    live.showOn(second.canvas);
    using _two = await live.draw(source);
    expect(second.device()).toBe(other);
    expect(gap(await second.bytes(), pictureOf(images[1]!))).toBeLessThanOrEqual(1);
  });

  test("ends the frame that is in work on the canvas where it began", async () => {
    const backend = backendOn(device!);
    const [first, second] = [readableCanvas(), readableCanvas()];
    let detect = () => {};
    const detected = new Promise<void>((resolve) => {
      detect = resolve;
    });
    const model = modelOf(backend, predictions, detected);
    await using live = await createLiveAnimator(backend, model, source, { canvas: first.canvas });
    const drawing = live.draw(source);
    await vi.waitFor(() => expect(first.device()).toBe(device));
    live.showOn(second.canvas);
    detect();
    using _ = await drawing;
    expect(gap(await first.bytes(), pictureOf(images[0]!))).toBeLessThanOrEqual(1);
    expect(second.device()).toBeUndefined();
  });

  test("stays where it is when a canvas is refused", async () => {
    const backend = backendOn(device!);
    const first = readableCanvas();
    const { canvas } = first;
    const live = await createLiveAnimator(backend, modelOf(backend, predictions), source, { canvas });
    const larger = readableCanvas({ height: 16, width: 16 }).canvas;
    expect(() => live.showOn(larger)).toThrow("live: the canvas must be 16 × 8 like the first, got 16 × 16.");
    const drawnOn = { ...size, getContext: () => null } as unknown as LiveCanvas;
    expect(() => live.showOn(drawnOn)).toThrow("live: the canvas has no WebGPU context.");
    using _ = await live.draw(source);
    expect(gap(await first.bytes(), pictureOf(images[0]!))).toBeLessThanOrEqual(1);
    await live[Symbol.asyncDispose]();
    expect(() => live.showOn(canvas)).toThrow(expect.objectContaining({ code: "DISPOSED" }));
  });

  const large = { height: 24, width: 48 };
  const picture = imageToPicture(proceduralImage(large, 0));
  const bend = noise([1, 4, 8, 2], 3, [-0.3, 0.3]).data;
  const flow = tensor(
    "float32",
    identityGrid({ height: 4, width: 8 }).data.map((at, i) => at + bend[i]!),
    [1, 4, 8, 2],
  );
  const occlusion = noise([1, 1, 4, 8], 4, [0, 1]);
  const frames = images.map((prediction) => ({ prediction, flow, occlusion }));

  test.each([
    ["warp", { render: "warp" }, frames],
    ["hybrid", { render: "hybrid" }, frames],
    [
      "hybrid without occlusion",
      { render: "hybrid" },
      frames.map((frame) => ({ flow, prediction: halfWhite(frame.prediction) })),
    ],
    ["hybrid, which is the default for a large canvas", {}, frames],
  ] as const)("is what compose makes: %s", async (_, options: { render?: "warp" | "hybrid" }, outputs) => {
    const backend = backendOn(device!);
    const shown = readableCanvas(large);
    const model = modelOf(backend, outputs);
    const { canvas } = shown;
    await using live = await createLiveAnimator(backend, model, picture, { canvas, ...options });
    const { still, image } = prepareSource(model, picture, { size: large });
    const encoded = await model.encode(image);
    for (const output of outputs) {
      using drawn = await live.draw(source);
      const { render = "hybrid" } = options;
      const rendered = { ...drawn, ...output };
      const [wanted, warped] = [render, "warp" as const].map((mode) => [
        ...compose(mode, model, encoded, still, rendered, large).data,
      ]);
      expect(gap(await shown.bytes(), wanted!)).toBeLessThanOrEqual(1);
      expect(gap(wanted!, warped!) > 20).toBe(render === "hybrid"); // there is something to paint
    }
  });

  test("is the model's own frame where the canvas is no larger", async () => {
    const backend = backendOn(device!);
    const shown = readableCanvas();
    await using live = await createLiveAnimator(backend, modelOf(backend, frames), picture, { canvas: shown.canvas });
    using _ = await live.draw(source);
    expect(gap(await shown.bytes(), pictureOf(images[0]!))).toBeLessThanOrEqual(1);
  });

  test("is not made for a canvas that is drawn on otherwise", async () => {
    const backend = backendOn(device!);
    const canvas = { ...size, getContext: () => null } as unknown as LiveCanvas;
    const making = createLiveAnimator(backend, modelOf(backend, predictions), source, { canvas });
    await expect(making).rejects.toMatchObject({ code: "OPTION", message: expect.stringContaining("WebGPU context") });
  });
});
