import { type Tensor, tensor, zeros } from "@bunraku/backends";
import { encodeModel, GraphBuilder } from "@bunraku/backends/onnx";
import { compareTensors, noise } from "@bunraku/backends/testing";
import { identityGrid, resizeNearest } from "@bunraku/warp";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { officialTensors } from "../../../../fixtures/official-tensors.ts";
import { combineMotions } from "../combine-motions/combine-motions.ts";
import { sparseMotionsOnnx } from "../sparse-motions/sparse-motions.onnx.ts";
import { sparseMotions } from "../sparse-motions/sparse-motions.ts";
import { backends } from "../testing/backends.ts";
import { monkeyNetDenseMotionOnnx } from "./dense-motion.onnx.ts";
import {
  type MonkeyNetDenseMotionConfig,
  monkeyNetDenseMotionOutputs,
  monkeyNetDenseMotionSpecs,
} from "./dense-motion-config.ts";

const config: MonkeyNetDenseMotionConfig = {
  useMask: true,
  useCorrection: true,
  scaleFactor: 1,
  numGroupBlocks: 1,
  blockExpansion: 2,
  maxFeatures: 4,
  numBlocks: 2,
  embedding: {
    numKeypoints: 2,
    numChannels: 3,
    addBackground: true,
    useHeatmap: true,
    useDifference: false,
    useDeformedSource: true,
    heatmapType: "difference",
    normalisation: 100,
    scaleFactor: 1,
  },
};

const feeds = {
  image: noise([1, 3, 8, 12], 1, [0, 1]),
  source: noise([2, 2], 2),
  driving: noise([2, 2], 3),
  sourcePrecisions: tensor("float32", Float32Array.of(9, 0, 0, 9, 10, 2, 2, 5), [2, 2, 2]),
  drivingPrecisions: tensor("float32", Float32Array.of(4, 1, 1, 2, 30, -5, -5, 20), [2, 2, 2]),
};

/** Weights of a network that says the same everywhere: what the bias of its last convolution is. */
function saying(config: MonkeyNetDenseMotionConfig, values: readonly number[]) {
  const weights = new Map(monkeyNetDenseMotionSpecs(config).map(({ name, dims }) => [name, zeros(dims)]));
  weights.get("hourglass.decoder.conv.bias")!.data.set(values);
  return weights;
}

function graphOf(
  config: MonkeyNetDenseMotionConfig,
  weights: ReadonlyMap<string, Tensor<"float32">>,
  image: Tensor<"float32"> = feeds.image,
) {
  const g = new GraphBuilder("dense_motion");
  const input = (name: string, { dims }: Tensor) => g.input(name, dims);
  const inputs = {
    image: input("image", image),
    source: input("source", feeds.source),
    driving: input("driving", feeds.driving),
    sourcePrecisions: input("sourcePrecisions", feeds.sourcePrecisions),
    drivingPrecisions: input("drivingPrecisions", feeds.drivingPrecisions),
  };
  const outputs = monkeyNetDenseMotionOnnx(
    g,
    { ...inputs, motionsOf: (size) => sparseMotionsOnnx(g, inputs.source, inputs.driving, undefined, size) },
    weights,
    config,
    { alignCorners: true },
  );
  for (const [name, value] of Object.entries(outputs)) if (value) g.output(value, name);
  return g.build();
}

describe.each(backends)("on %s", (_, open) => {
  async function run(
    config: MonkeyNetDenseMotionConfig,
    values: readonly number[],
    image: Tensor<"float32"> = feeds.image,
  ) {
    await using backend = await open();
    await using session = await backend.load(encodeModel(graphOf(config, saying(config, values), image)));
    const given = Object.fromEntries(session.inputs.map(({ name }) => [name, { ...feeds, image }[name as "image"]]));
    return (await session.run(given)) as Record<string, Tensor<"float32">>;
  }
  const motions = (height: number, width: number) =>
    sparseMotions(feeds.source, feeds.driving, undefined, { height, width });

  test("the flow is the candidates, mixed by the softmax of masks, and the correction, x before y", async () => {
    const scores = [0, Math.log(2), Math.log(5)];
    const { flow, masks } = await run(config, [...scores, 0.25, -0.125]);
    const shares = zeros([1, 3, 8, 12]);
    for (const [k, share] of [1 / 8, 2 / 8, 5 / 8].entries()) shares.data.fill(share, 96 * k, 96 * (k + 1));
    expect(compareTensors(masks!, shares).maxAbsError).toBeLessThan(1e-6);
    const wanted = combineMotions(motions(8, 12), shares);
    for (let i = 0; i < wanted.data.length; i++) wanted.data[i]! += i % 2 === 0 ? 0.25 : -0.125;
    expect(compareTensors(flow!, wanted).maxAbsError).toBeLessThan(1e-5);
  });

  test("without masks the flow is the identity and the correction; without a correction, the mixture", async () => {
    const unmasked = await run({ ...config, useMask: false }, [0.5, 0.25]);
    expect(unmasked.masks).toBeUndefined();
    const moved = identityGrid({ height: 8, width: 12 });
    for (let i = 0; i < moved.data.length; i++) moved.data[i]! += i % 2 === 0 ? 0.5 : 0.25;
    expect(compareTensors(unmasked.flow!, moved).maxAbsError).toBeLessThan(1e-6);

    const uncorrected = await run({ ...config, useCorrection: false }, [0, 0, 0]);
    const even = tensor("float32", new Float32Array(288).fill(1 / 3), [1, 3, 8, 12]);
    expect(compareTensors(uncorrected.flow!, combineMotions(motions(8, 12), even)).maxAbsError).toBeLessThan(1e-5);
  });

  test("the source is resized by the module's factor, then by the embedding's, each to the nearest pixel", async () => {
    const image = noise([1, 3, 32, 64], 4, [0, 1]);
    const embedding = { ...config.embedding, scaleFactor: 0.75 };
    const twice = resizeNearest(resizeNearest(image, { height: 24, width: 48 }), { height: 18, width: 36 });
    const { flow, sparseDeformed } = await run({ ...config, scaleFactor: 0.75, embedding, numBlocks: 1 }, [], image);
    expect(flow!.dims).toEqual([1, 18, 36, 2]);
    const background = tensor("float32", sparseDeformed!.data.slice(0, twice.data.length), twice.dims);
    expect(compareTensors(background, twice).maxAbsError).toBeLessThan(1e-5);
    expect(resizeNearest(image, { height: 18, width: 36 }).data).not.toEqual(twice.data); // not the same at once
  });
});

test("every tensor of the specs is read, and named when it is missing", () => {
  for (const { name } of monkeyNetDenseMotionSpecs(config)) {
    const weights = saying(config, []);
    weights.delete(name);
    expect(() => graphOf(config, weights)).toThrow(`weights: "${name}"`);
  }
});

test("a network says a mask per candidate and two numbers of correction", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.integer({ min: 1, max: 9 }), (useMask, useCorrection, numKeypoints) => {
      const embedding = { ...config.embedding, numKeypoints };
      const outputs = monkeyNetDenseMotionOutputs({ ...config, useMask, useCorrection, embedding });
      expect(outputs).toBe((useMask ? numKeypoints + 1 : 0) + (useCorrection ? 2 : 0));
    }),
  );
});

test.each([
  ["monkey_vox", { embedding: { ...config.embedding, numKeypoints: 10 } }],
  ["monkey_moving_gif", { embedding: { ...config.embedding, numKeypoints: 10, useDifference: true } }],
])("the tensors of %s are those of the official state dictionary", (name, own) => {
  const official = { ...config, blockExpansion: 32, maxFeatures: 1024, numBlocks: 5, numGroupBlocks: 2, ...own };
  const prefix = "dense_motion_module.";
  const wanted = officialTensors(name, "generator").filter((line) => line.startsWith(prefix));
  const got = monkeyNetDenseMotionSpecs(official).map((spec) => `${prefix}${spec.name} [${spec.dims.join(", ")}]`);
  expect(got.sort()).toEqual(wanted);
  expect(got.length).toBeGreaterThan(50);
});
