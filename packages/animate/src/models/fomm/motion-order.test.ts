import { readFileSync } from "node:fs";
import { type Backend, zeros } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { mockBackend } from "@bunraku/backends/testing";
import { proceduralImage, proceduralWeights } from "@bunraku/backends/testing/procedural";
import type { DialOptions } from "@bunraku/motion";
import { identityGrid } from "@bunraku/warp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { animate } from "../../animate.ts";
import { colours, tinyModel, tinyParams } from "../../testing/tiny-model.ts";
import { architectureOf } from "../architecture.ts";
import { createModel } from "../create-model.ts";
import type { Model, RenderOptions } from "../model.ts";

const orders = ["zeroth", "first", "spline"] as const;
const size = { height: 64, width: 64 };

let backend: Backend;
beforeAll(async () => {
  backend = await ortNode({ threads: 1 });
});
afterAll(() => backend[Symbol.asyncDispose]());

function modelOf(params: unknown, where: Backend, weightsOf = proceduralWeights): Promise<Model> {
  const architecture = architectureOf("fomm", params);
  const { specs } = architecture;
  const weights = {
    generator: weightsOf("generator", specs.generator),
    kp_detector: weightsOf("kp_detector", specs.kp_detector),
  };
  return createModel(where, architecture, weights, { size, alignCorners: true });
}

/** A frame of the moving picture, or of the first driving frame itself. */
async function frameOf(model: Model, options: DialOptions, frame: "initial" | "driving" = "driving") {
  const [image, start, now] = [0, 1, 2].map((index) => proceduralImage(size, index));
  using source = await model.encode(image!);
  const initial = await model.detect(start!);
  const driving = frame === "initial" ? initial : await model.detect(now!);
  const { prediction, flow } = await model.render(source, driving, initial, {
    ...options,
    outputs: ["prediction", "flow"],
  });
  return { prediction: prediction!.data, flow: flow! };
}

const difference = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

test("one loaded model renders every order: they differ on a moved frame", async () => {
  await using model = await tinyModel(backend);
  const [zeroth, first, spline] = await Promise.all(orders.map((order) => frameOf(model, { order })));
  expect(difference(first!.prediction, (await frameOf(model, {})).prediction)).toBe(0);
  expect(difference(zeroth!.prediction, first!.prediction)).toBeGreaterThan(1e-3);
  expect(difference(first!.prediction, spline!.prediction)).toBeGreaterThan(1e-3);
  expect(difference(zeroth!.prediction, spline!.prediction)).toBeGreaterThan(1e-3);
});

test("the initial frame has the identity as its flow and one prediction, in every order and mixture", async () => {
  await using model = await tinyModel(backend);
  const still = await frameOf(model, {}, "initial");
  for (const order of [...orders, ["spline", "zeroth", "first", "spline"] as const]) {
    const { prediction, flow } = await frameOf(model, { order }, "initial");
    const [, height, width] = flow.dims;
    expect(difference(flow.data, identityGrid({ height, width }).data)).toBeLessThan(1e-5);
    expect(difference(prediction, still.prediction)).toBeLessThan(1e-5);
  }
});

test("without gain, and with all keypoints frozen, any frame is the initial one", async () => {
  await using model = await tinyModel(backend);
  const still = await frameOf(model, {}, "initial");
  for (const order of orders)
    for (const options of [{ gain: 0 }, { freeze: [0, 1, 2, 3] }])
      expect(difference((await frameOf(model, { order, ...options })).prediction, still.prediction)).toBeLessThan(1e-5);
});

test("gain, freeze and limit show in the frame", async () => {
  await using model = await tinyModel(backend);
  const plain = await frameOf(model, {});
  for (const options of [{ gain: 0.5 }, { gain: [1, 1, 2, 1] }, { freeze: [3] }, { limit: 0.01 }])
    expect(
      difference((await frameOf(model, options)).prediction, plain.prediction),
      JSON.stringify(options),
    ).toBeGreaterThan(1e-4);
});

test("a zeroth-order model has splines too, and says so when first order is asked of it", async () => {
  const golden = new URL("../../../../../fixtures/golden/fomm_tiny_zero.json", import.meta.url);
  await using model = await modelOf(JSON.parse(readFileSync(golden, "utf8")).config, backend);
  const [plain, zeroth, spline] = await Promise.all(
    ([{}, { order: "zeroth" }, { order: "spline" }] as const).map((options) => frameOf(model, options)),
  );
  expect(difference(plain!.prediction, zeroth!.prediction)).toBe(0);
  expect(difference(plain!.prediction, spline!.prediction)).toBeGreaterThan(1e-4);
  await expect(frameOf(model, { order: "first" })).rejects.toMatchObject({
    code: "OPTION",
    message: 'order: "first" needs jacobians, which this model does not estimate. It has "zeroth" and "spline".',
  });
});

test("more keypoints than a spline is solved for are refused that order, and not the others", async () => {
  const common_params = { ...tinyParams.common_params, num_kp: 257, estimate_jacobian: false };
  const zero: typeof proceduralWeights = (_, specs) => new Map(specs.map(({ name, dims }) => [name, zeros(dims)]));
  await using model = await modelOf({ ...tinyParams, common_params }, mockBackend(), zero);
  using source = await model.encode(proceduralImage(size, 0));
  const render = (options: RenderOptions) => model.render(source, source.keypoints, source.keypoints, options);
  await expect(render({ order: "zeroth" })).resolves.toMatchObject({ warnings: [] });
  await expect(render({ order: "spline" })).rejects.toMatchObject({
    code: "UNSUPPORTED",
    message: 'order: this model has 257 keypoints, too many for "spline".',
  });
});

test("animate hands the dial on", async () => {
  await using model = await tinyModel(backend);
  const clip = [0, 2].map((shift) => colours(64, 64, shift));
  const second = async (options: DialOptions) => {
    const frames = [];
    for await (const frame of animate(model, colours(64, 64), clip, { render: "warp", ...options })) frames.push(frame);
    expect(frames[0]!.data).toEqual(colours(64, 64).data); // the first frame is the source, in every order
    return frames[1]!.data;
  };
  const [plain, zeroth, spline, still] = [
    await second({}),
    await second({ order: "zeroth" }),
    await second({ order: "spline" }),
    await second({ gain: 0 }),
  ];
  expect(zeroth).not.toEqual(plain);
  expect(spline).not.toEqual(plain);
  expect(spline).not.toEqual(zeroth);
  expect(still).toEqual(colours(64, 64).data);
  await expect(second({ order: "third" as never })).rejects.toMatchObject({ code: "OPTION" });
});
