import { type Tensor, tensor, type Weights, zeros } from "@bunraku/backends";
import { encodeModel } from "@bunraku/backends/onnx";
import { compareTensors, noise } from "@bunraku/backends/testing";
import { gaussianHeatmaps } from "@bunraku/keypoints";
import { gridSample } from "@bunraku/warp";
import { describe, expect, test } from "vitest";
import { combineMotions } from "../combine-motions/combine-motions.ts";
import { type SplineTerms, sparseMotions } from "../sparse-motions/sparse-motions.ts";
import { backends } from "../testing/backends.ts";
import { fommDenseMotionGraph } from "./dense-motion.onnx.ts";
import { type FommDenseMotionConfig, fommDenseMotionSpecs } from "./dense-motion-config.ts";

const config: FommDenseMotionConfig = {
  numKeypoints: 2,
  numChannels: 3,
  scaleFactor: 1,
  keypointVariance: 0.1,
  estimateOcclusionMap: true,
  blockExpansion: 2,
  maxFeatures: 4,
  numBlocks: 1,
};
const size = { height: 6, width: 8 };
const plane = size.height * size.width;

/**
 * All zero, but for heads that read the network's own input, which the hourglass passes on behind its 2 channels:
 * mask k is heatmap k and twice the red of deformed source k, occlusion is the blue of deformed source 1.
 */
function transparent(config: FommDenseMotionConfig): Map<string, Tensor<"float32">> {
  const weights = new Map<string, Tensor<"float32">>(
    fommDenseMotionSpecs(config).map(({ name, dims }) => [name, zeros(dims)]),
  );
  const centre = (output: number, channel: number) => (output * 14 + 2 + channel) * 49 + 24;
  for (let k = 0; k < 3; k++) {
    weights.get("mask.weight")!.data[centre(k, 4 * k)] = 1;
    weights.get("mask.weight")!.data[centre(k, 4 * k + 1)] = 2;
  }
  const occlusion = weights.get("occlusion.weight");
  if (occlusion) occlusion.data[centre(0, 4 + 3)] = 1;
  return weights;
}

function expected(
  feeds: Record<"image" | "source" | "driving", Tensor<"float32">>,
  jacobians: Tensor<"float32"> | undefined,
  alignCorners: boolean,
  bends: SplineTerms = {},
) {
  const variance = { variance: config.keypointVariance };
  const here = gaussianHeatmaps(feeds.driving, size, variance).data;
  const there = gaussianHeatmaps(feeds.source, size, variance).data;
  const motions = sparseMotions(feeds.source, feeds.driving, jacobians, size, bends);
  const copies = tensor("float32", Float32Array.from([1, 1, 1].flatMap(() => [...feeds.image.data])), [3, 3, 6, 8]);
  const sparseDeformed = gridSample(copies, motions, { alignCorners });
  const masks = zeros([1, 3, 6, 8]);
  const occlusion = zeros([1, 1, 6, 8]);
  for (let i = 0; i < plane; i++) {
    const scores = [0, 1, 2].map((k) => {
      const heat = k === 0 ? 0 : here[(k - 1) * plane + i]! - there[(k - 1) * plane + i]!;
      return Math.exp(heat + 2 * sparseDeformed.data[3 * k * plane + i]!);
    });
    const sum = scores.reduce((total, score) => total + score, 0);
    for (const [k, score] of scores.entries()) masks.data[k * plane + i] = score / sum;
    occlusion.data[i] = 1 / (1 + Math.exp(-sparseDeformed.data[(3 + 2) * plane + i]!));
  }
  return { flow: combineMotions(motions, masks), masks, occlusion, sparseDeformed };
}

describe.each(backends)("on %s", (_, open) => {
  test.each([
    ["with jacobians, corners aligned", true, true],
    ["with jacobians, corners not aligned", true, false],
    ["zeroth order", false, true],
  ])("%s, masks come of heatmaps and deformed sources, and flow of masks", async (_name, firstOrder, alignCorners) => {
    await using backend = await open();
    const feeds = { image: noise([1, 3, 6, 8], 1, [0, 1]), source: noise([2, 2], 2), driving: noise([2, 2], 3) };
    const jacobians = firstOrder ? noise([2, 2, 2], 4) : undefined;
    const graph = fommDenseMotionGraph(config, transparent(config), size, { alignCorners, firstOrder });
    await using session = await backend.load(encodeModel(graph));
    const got = await session.run({ ...feeds, ...(jacobians && { jacobians }) });
    for (const [name, wanted] of Object.entries(expected(feeds, jacobians, alignCorners)))
      expect(compareTensors(got[name]!, wanted).maxAbsError, name).toBeLessThan(1e-5);
  });
});

describe.each(backends)("with splines, on %s", (_, open) => {
  test("masks and flow come of motions that bend, and without bends the network is the plain one", async () => {
    await using backend = await open();
    const options = { alignCorners: true, firstOrder: false, withSpline: true };
    await using session = await backend.load(
      encodeModel(fommDenseMotionGraph(config, transparent(config), size, options)),
    );
    const feeds = { image: noise([1, 3, 6, 8], 1, [0, 1]), source: noise([2, 2], 2), driving: noise([2, 2], 3) };
    const jacobians = noise([2, 2, 2], 4);
    const bent = { anchors: noise([2, 2], 5), spline: noise([2, 2, 2], 6, [-0.3, 0.3]) };
    for (const terms of [bent, { anchors: feeds.source, spline: zeros([2, 2, 2]) }]) {
      const got = await session.run({ ...feeds, jacobians, ...terms });
      for (const [name, wanted] of Object.entries(expected(feeds, jacobians, true, terms)))
        expect(compareTensors(got[name]!, wanted).maxAbsError, name).toBeLessThan(1e-5);
    }
  });
});

test("a model without an occlusion map has no such output", () => {
  const bare = { ...config, estimateOcclusionMap: false };
  const graph = fommDenseMotionGraph(bare, transparent(bare), size, { alignCorners: true, firstOrder: true });
  expect(graph.outputs.map(({ name }) => name).sort()).toEqual(["flow", "masks", "sparseDeformed"]);
});

test("missing weights and weights of another architecture are named", () => {
  const build = (weights: Weights) =>
    fommDenseMotionGraph(config, weights, size, { alignCorners: true, firstOrder: true });
  const missing = transparent(config);
  missing.delete("mask.bias");
  expect(() => build(missing)).toThrow('weights: "mask.bias" [3] is missing.');
  const other = transparent(config).set("occlusion.weight", zeros([1, 10, 7, 7]));
  expect(() => build(other)).toThrow(
    'weights: "occlusion.weight" must be [1, 14, 7, 7], got [1, 10, 7, 7]. Do checkpoint and configuration belong together?',
  );
});
