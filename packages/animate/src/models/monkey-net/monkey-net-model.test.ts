import { readFileSync } from "node:fs";
import type { Backend } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { reference } from "@bunraku/backends/reference";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import { identityGrid } from "@bunraku/warp";
import { gridSampleOperator } from "@bunraku/warp/reference";
import { expect, test } from "vitest";
import { proceduralModelWeights } from "../../proof/procedural-model-weights.ts";
import { architectureOf } from "../architecture.ts";
import { createModel } from "../create-model.ts";
import type { FrameOutput, RenderOptions } from "../model.ts";

const file = new URL("../../../../../fixtures/golden/monkey_tiny.json", import.meta.url);
const tiny = JSON.parse(readFileSync(file, "utf8")).config as Record<string, Record<string, unknown>>;
const onNode = () => ortNode({ threads: 1 });

async function frameOf(
  open: () => Promise<Backend>,
  params: unknown,
  options: RenderOptions = {},
  { size = { height: 64, width: 64 }, driving = 2 } = {},
) {
  await using backend = await open();
  const architecture = architectureOf("monkey-net", params);
  const weights = proceduralModelWeights(architecture);
  await using model = await createModel(backend, architecture, weights, { size, alignCorners: true });
  using source = await model.encode(proceduralImage(size, 0));
  const [now, start] = [
    await model.detect(proceduralImage(size, driving)),
    await model.detect(proceduralImage(size, 1)),
  ];
  const outputs: FrameOutput[] = ["prediction", "flow", "deformed"];
  return { ...(await model.render(source, now, start, { outputs, ...options })), model };
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

test("frames that are not square agree on onnxruntime and on the reference", async () => {
  const size = { height: 48, width: 96 };
  const [a, b] = [
    await frameOf(onNode, tiny, {}, { size }),
    await frameOf(() => reference({ operators: [gridSampleOperator] }), tiny, {}, { size }),
  ];
  expect(a.prediction!.dims).toEqual([1, 3, 48, 96]);
  expect(largest(a.prediction!.data, b.prediction!.data)).toBeLessThan(5e-5);
});

test("without dense motion levels stay in place, and there is no flow to warp by", async () => {
  const params = { ...tiny, generator_params: { ...tiny.generator_params, dense_motion_params: null } };
  const { model, prediction, flow, deformed } = await frameOf(onNode, params);
  expect(model.hasMotion).toBe(false);
  expect(prediction!.dims).toEqual([1, 3, 64, 64]);
  expect([flow, deformed]).toEqual([undefined, undefined]);
});

test("without dense motion and embedding a frame is the source through the decoder", async () => {
  const generator = { ...tiny.generator_params, dense_motion_params: null, kp_embedding_params: null };
  const [one, other] = [
    await frameOf(onNode, { ...tiny, generator_params: generator }),
    await frameOf(onNode, { ...tiny, generator_params: generator }, {}, { driving: 1 }),
  ];
  expect(one.prediction!.data).toEqual(other.prediction!.data);
});

// Without a correction the flow is the mixture of candidate motions alone.
const dense = { ...(tiny.generator_params!.dense_motion_params as object), use_correction: false };
const uncorrected = { ...tiny, generator_params: { ...tiny.generator_params, dense_motion_params: dense } };

test.each(["zeroth", "spline"] as const)(
  "on the initial frame the flow is the identity, in %s order",
  async (order) => {
    const { flow } = await frameOf(onNode, uncorrected, { order }, { driving: 1 });
    const [, height, width] = flow!.dims;
    expect(largest(flow!.data, identityGrid({ height, width }).data)).toBeLessThan(1e-5);
  },
);

test("orders move the picture differently", async () => {
  const [zeroth, spline] = [
    await frameOf(onNode, uncorrected, { order: "zeroth" }),
    await frameOf(onNode, uncorrected, { order: "spline" }),
  ];
  const plain = await frameOf(onNode, uncorrected);
  expect(plain.prediction!.data).toEqual(zeroth.prediction!.data);
  expect(largest(zeroth.flow!.data, spline.flow!.data)).toBeGreaterThan(1e-3);
});

test("first order is refused: Monkey-Net estimates no jacobians", async () => {
  await expect(frameOf(onNode, tiny, { order: "first" })).rejects.toMatchObject({
    code: "OPTION",
    message: 'order: "first" needs jacobians, which this model does not estimate. It has "zeroth" and "spline".',
  });
});
