import type { Backend } from "@bunraku/backends";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import { imageToPicture, type Picture } from "@bunraku/warp";
import { expect, test } from "vitest";
import { animate } from "../animate.ts";
import { architectureOf } from "../models/architecture.ts";
import { createModel } from "../models/create-model.ts";
import { proceduralModelWeights } from "../proof/procedural-model-weights.ts";
import { proofModels } from "../proof/proof-models.ts";
import { createLiveAnimator, webgpu } from "./index.ts";

const { size } = proofModels.fomm;

/** What a canvas shows. In the same task as the drawing: afterwards a canvas of WebGPU is empty. */
function bytesOf(canvas: OffscreenCanvas): Uint8ClampedArray {
  const context = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
}

const difference = (got: Uint8ClampedArray, wanted: Picture["data"]) =>
  got.reduce((sum, byte, i) => sum + Math.abs(byte - wanted[i]!), 0) / got.length;

/** The smallest model there is, of procedural weights. */
async function smallModel(backend: Backend) {
  const architecture = architectureOf("fomm", proofModels.fomm.modelParams);
  const weights = proceduralModelWeights(architecture);
  return createModel(backend, architecture, weights, { size, alignCorners: true });
}

test("a live picture is what animate() makes, by flow, by generator and by both, also after the device was lost", async () => {
  await using backend = await webgpu({ software: true, prove: false, kernels: [] });
  await using model = await smallModel(backend);
  const source = imageToPicture(proceduralImage({ height: 48, width: 64 }, 0));
  const driving = [1, 2].map((index) => imageToPicture(proceduralImage(size, index)));

  for (const render of ["warp", "generator", "hybrid"] as const) {
    const shown = render === "generator" ? size : { width: 64, height: 48 };
    const wanted: Picture[] = [];
    for await (const { data, width, height } of animate(model, source, driving, { render, size: shown }))
      wanted.push({ data: data.slice(), width, height });
    const canvas = new OffscreenCanvas(shown.width, shown.height);
    await using live = await createLiveAnimator(backend, model, source, { canvas, render });
    for (const [index, frame] of driving.entries()) {
      if (index === 1) backend.gpu.destroy();
      using drawn = await live.draw(frame);
      expect(drawn.keypoints.points.dims).toEqual([3, 2]);
      expect(difference(bytesOf(canvas), wanted[index]!.data), `${render} ${index}`).toBeLessThan(1);
    }
  }
  expect(backend.memory.losses).toBe(3);
}, 600_000);

test("a live picture goes on on another canvas after its device was lost", async () => {
  await using backend = await webgpu({ software: true, prove: false, kernels: [] });
  await using model = await smallModel(backend);
  const source = imageToPicture(proceduralImage(size, 0));
  const [first, second] = [1, 2].map(() => new OffscreenCanvas(size.width, size.height)) as [
    OffscreenCanvas,
    OffscreenCanvas,
  ];
  await using live = await createLiveAnimator(backend, model, source, { canvas: first });
  using _before = await live.draw(source);
  const before = bytesOf(first);
  backend.gpu.destroy();
  live.showOn(second);
  using _after = await live.draw(source);
  expect(difference(bytesOf(second), before)).toBeLessThan(0.1);
  expect(new Set(before).size).toBeGreaterThan(16); // there was a picture
}, 600_000);

test("a canvas that is drawn on otherwise is refused", async () => {
  await using backend = await webgpu({ software: true, prove: false, kernels: [] });
  await using model = await smallModel(backend);
  const source = imageToPicture(proceduralImage(size, 0));
  const canvas = new OffscreenCanvas(8, 8);
  canvas.getContext("2d");
  await expect(createLiveAnimator(backend, model, source, { canvas })).rejects.toMatchObject({
    code: "OPTION",
    message: expect.stringContaining("WebGPU context"),
  });
}, 600_000);
