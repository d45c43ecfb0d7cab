import { type Progress, tensor, zeros } from "@bunraku/backends";
import type { TensorSpec } from "@bunraku/backends/layers";
import { ortNode } from "@bunraku/backends/ort-node";
import { reference } from "@bunraku/backends/reference";
import { mockBackend } from "@bunraku/backends/testing";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import { gridSampleOperator } from "@bunraku/warp/reference";
import { expect, test } from "vitest";
import { loadModel } from "../load-model.ts";
import { proceduralModelWeights } from "../proof/procedural-model-weights.ts";
import { tinyBundle, tinyModel, tinyParams } from "../testing/tiny-model.ts";
import { type Architecture, architectureOf } from "./architecture.ts";
import { createModel } from "./create-model.ts";
import type { RenderOptions } from "./model.ts";

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
  const weights = proceduralModelWeights(architecture);
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

/** Zero weights: enough for a backend that computes nothing. */
function weightsOf({ specs }: Architecture) {
  const zero = (list: readonly TensorSpec[]) => new Map(list.map(({ name, dims }) => [name, zeros(dims)]));
  return { generator: zero(specs.generator), kp_detector: zero(specs.kp_detector) };
}
const onMock = { size: { height: 64, width: 64 }, alignCorners: true };

test("a source of a model is no source of another one, of the same weights too", async () => {
  const architecture = architectureOf("fomm", tinyParams);
  const [one, other] = [
    await createModel(mockBackend(), architecture, weightsOf(architecture), onMock),
    await createModel(mockBackend(), architecture, weightsOf(architecture), onMock),
  ];
  using source = await one.encode(proceduralImage(one.size, 0));
  await expect(other.render(source, source.keypoints, source.keypoints)).rejects.toMatchObject({ code: "OPTION" });
});

test("loading tells of its three steps; a signal between them stops it, and frees what there was", async () => {
  const architecture = architectureOf("fomm", tinyParams);
  const steps: Progress[] = [];
  const whole = { ...onMock, onProgress: (progress: Progress) => steps.push(progress) };
  await using _ = await createModel(mockBackend(), architecture, weightsOf(architecture), whole);
  expect(steps).toEqual([1, 2, 3].map((loaded) => ({ phase: "compile", loaded, total: 3 })));

  for (const last of [1, 2]) {
    const backend = mockBackend();
    const [controller, reason] = [new AbortController(), new Error("enough")];
    const stopping = createModel(backend, architecture, weightsOf(architecture), {
      ...onMock,
      signal: controller.signal,
      onProgress: ({ loaded }) => loaded === last && controller.abort(reason),
    });
    await expect(stopping).rejects.toBe(reason);
    expect(backend.live).toBe(0);
  }
});

test("a checkpoint's own way of moving pictures holds, until a frame asks for another", async () => {
  const architecture = architectureOf("fomm", tinyParams);
  const transfer = { movement: "absolute" } as const;
  await using model = await createModel(mockBackend(), architecture, weightsOf(architecture), { ...onMock, transfer });
  expect(model.transfer).toEqual(transfer);
  using source = await model.encode(proceduralImage(model.size, 0));
  const at = (place: number) => ({
    points: tensor("float32", new Float32Array(8).fill(place), [4, 2]),
    jacobians: tensor(
      "float32",
      Float32Array.from({ length: 16 }, (_, i) => (i % 4 === 0 || i % 4 === 3 ? 1 : 0)),
      [4, 2, 2],
    ),
  });
  const moved = async (options: RenderOptions) =>
    (await model.render(source, at(0.5), at(0.25), { outputs: [], ...options })).keypoints.points.data[0];
  expect(await moved({})).toBe(0.5); // the driver's place
  expect(await moved({ movement: "relative" })).toBe(0.25); // what it has moved, from the source's 0
});

test("a model is loaded as its bundle says, unless told otherwise", async () => {
  const { manifest, ...bundle } = tinyBundle();
  const own = { ...bundle, manifest: { ...manifest, alignCorners: false, transfer: { keepInside: true } } };
  await using model = await loadModel(mockBackend(), own);
  expect(model).toMatchObject({
    family: "fomm",
    size: { height: 64, width: 64 },
    alignCorners: false,
    transfer: { keepInside: true },
    numKeypoints: 4,
    hasJacobians: true,
    hasMotion: true,
  });
  const size = { height: 128, width: 64 };
  await using other = await loadModel(mockBackend(), own, { size, alignCorners: true, withDeformed: true });
  expect(other).toMatchObject({ size, alignCorners: true });
  await expect(loadModel(mockBackend(), own, { size: { height: 65, width: 64 } })).rejects.toMatchObject({
    code: "MODEL",
  });
  using source = await other.encode(proceduralImage(size, 0));
  const outputs = ["deformed"] as const;
  const frame = await other.render(source, source.keypoints, source.keypoints, { outputs, singular: "translate" });
  expect(frame.deformed!.dims).toEqual([1, 3, 128, 64]);
});

test("deformed costs something, so it must be asked for when a first-order model is loaded", async () => {
  await using model = await loadModel(mockBackend(), tinyBundle());
  using source = await model.encode(proceduralImage(model.size, 0));
  const outputs = ["prediction", "deformed"] as const;
  const options = { outputs, singular: "translate" } as const;
  await expect(model.render(source, source.keypoints, source.keypoints, options)).rejects.toMatchObject({
    code: "OPTION",
    message: 'render: "deformed" must be asked for when the model is loaded: withDeformed.',
  });
});
