import { ortNode } from "@bunraku/backends/ort-node";
import { reference } from "@bunraku/backends/reference";
import { proceduralImage, proceduralWeights } from "@bunraku/backends/testing/procedural";
import { gridSampleOperator } from "@bunraku/warp/reference";
import { expect, test } from "vitest";
import { loadModel } from "../load-model.ts";
import { tinyBundle, tinyModel, tinyParams } from "../testing/tiny-model.ts";
import { architectureOf } from "./architecture.ts";
import { createModel } from "./create-model.ts";

test("frames that are not square agree on onnxruntime and on the reference", async () => {
  const size = { height: 64, width: 128 };
  const [source, initial, driving] = [0, 1, 2].map((index) => proceduralImage(size, index));
  const predictions: Float32Array[] = [];
  for (const create of [() => ortNode({ threads: 1 }), () => reference({ operators: [gridSampleOperator] })]) {
    await using backend = await create();
    await using model = await loadModel(backend, tinyBundle(), { size });
    using encoded = await model.encode(source!);
    const { prediction } = await model.render(encoded, await model.detect(driving!), await model.detect(initial!));
    expect(prediction!.dims).toEqual([1, 3, 64, 128]);
    predictions.push(prediction!.data);
  }
  for (let i = 0; i < predictions[0]!.length; i++)
    expect(Math.abs(predictions[0]![i]! - predictions[1]![i]!)).toBeLessThan(5e-5);
});

test("a generator without dense motion reconstructs, and has no warp to render", async () => {
  const { dense_motion_params: _, ...generator } = tinyParams.generator_params as Record<string, unknown>;
  const architecture = architectureOf("fomm", { ...tinyParams, generator_params: generator });
  const { specs } = architecture;
  expect(specs.generator.some(({ name }) => name.startsWith("dense_motion"))).toBe(false);
  const weights = {
    generator: proceduralWeights("generator", specs.generator),
    kp_detector: proceduralWeights("kp_detector", specs.kp_detector),
  };
  const size = { height: 64, width: 64 };
  await using backend = await ortNode({ threads: 1 });
  await using model = await createModel(backend, architecture, weights, { size, alignCorners: true });
  expect(model.hasMotion).toBe(false);
  using source = await model.encode(proceduralImage(size, 0));
  const keypoints = await model.detect(proceduralImage(size, 1));
  const frame = await model.render(source, keypoints, keypoints, { outputs: ["prediction", "flow"] });
  expect(frame.prediction!.dims).toEqual([1, 3, 64, 64]);
  expect(frame.flow).toBeUndefined();
});

test("a source of another model is refused", async () => {
  await using backend = await ortNode({ threads: 1 });
  await using model = await tinyModel(backend);
  const stranger = {
    image: proceduralImage(model.size, 0),
    keypoints: await model.detect(proceduralImage(model.size, 0)),
    [Symbol.dispose]() {},
  };
  await expect(model.render(stranger, stranger.keypoints, stranger.keypoints)).rejects.toThrow(
    "must come from this model's encode()",
  );
});

test("a signal that has fired stops loading, and the backend goes on", async () => {
  await using backend = await ortNode({ threads: 1 });
  await expect(loadModel(backend, tinyBundle(), { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
  await using model = await tinyModel(backend);
  expect(model.size).toEqual({ height: 64, width: 64 });
});
