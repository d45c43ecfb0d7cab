import { readFileSync } from "node:fs";
import { type Tensor, tensor, zeros } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { mockBackend, noise } from "@bunraku/backends/testing";
import { proceduralImage, proceduralWeights } from "@bunraku/backends/testing/procedural";
import { expect, test } from "vitest";
import { officialTensors } from "../../../../fixtures/official-tensors.ts";
import { type MonkeyNetDetectorConfig, monkeyNetDetectorSpecs } from "./detector-config.ts";
import { createMonkeyNetDetector } from "./monkey-net-detector.ts";

const fixtures = ["monkey_tiny", "monkey_tiny_constvar", "monkey_tiny_sum_single", "monkey_moving_gif"] as const;

function readGolden(name: string) {
  const golden = JSON.parse(readFileSync(new URL(`../../../../fixtures/golden/${name}.json`, import.meta.url), "utf8"));
  const { common_params: common, kp_detector_params: own } = golden.config;
  const config: MonkeyNetDetectorConfig = {
    numKeypoints: common.num_kp,
    numChannels: common.num_channels,
    keypointVariance: common.kp_variance,
    temperature: own.temperature,
    scaleFactor: own.scale_factor ?? 1,
    blockExpansion: own.block_expansion,
    maxFeatures: own.max_features,
    numBlocks: own.num_blocks,
    ...(own.clip_variance && { clipVariance: own.clip_variance }),
  };
  return { golden, config, size: { height: golden.size, width: golden.size } };
}

test.each(fixtures)("%s: keypoints of the source are those that PyTorch found", async (name) => {
  const { golden, config, size } = readGolden(name);
  await using backend = await ortNode({ threads: 1 });
  const weights = proceduralWeights("kp_detector", monkeyNetDetectorSpecs(config));
  await using detector = await createMonkeyNetDetector(backend, config, weights, size);
  const { points, covariances } = await detector.detect(proceduralImage(size, 0));
  const { mean, var: variances } = golden.kp_source as { mean: number[]; var?: number[] };
  for (const [i, value] of mean.entries()) expect(Math.abs(points.data[i]! - value)).toBeLessThan(2e-5);
  expect(covariances?.data.length).toBe(variances?.length);
  for (const [i, value] of (variances ?? []).entries()) {
    const largest = Math.max(...variances!.slice(4 * (i >> 2), 4 * (i >> 2) + 4).map(Math.abs));
    expect(Math.abs(covariances!.data[i]! - value)).toBeLessThan(1e-3 * largest);
  }
});

test.each(["monkey_vox", "monkey_moving_gif"])(
  "the tensors of %s are those of the official state dictionary",
  (name) => {
    const got = monkeyNetDetectorSpecs(readGolden(name).config).map(
      ({ name: key, dims }) => `${key} [${dims.join(", ")}]`,
    );
    expect(got.sort()).toEqual(officialTensors(name, "kp_detector"));
  },
);

const tiny = readGolden("monkey_tiny");
const two = { ...tiny.config, numKeypoints: 2 };
const size = { height: 32, width: 48 };
const picture = () => noise([1, 3, 32, 48], 1, [0, 1]);

/** A detector of two keypoints whose network says what it is told. */
async function answering(
  config: Partial<MonkeyNetDetectorConfig>,
  { points = zeros([2, 2]), covariances = zeros([2, 2, 2]) }: { points?: Tensor; covariances?: Tensor },
) {
  const all = { ...two, ...config };
  const heatmaps = zeros([1, 2, 16, 24]);
  const backend = mockBackend({ answer: () => ({ points, covariances, heatmaps }) });
  const weights = proceduralWeights("kp_detector", monkeyNetDetectorSpecs(all));
  return { backend, detector: await createMonkeyNetDetector(backend, all, weights, size) };
}
const spread = tensor("float32", Float32Array.of(4, 1, 1, 2, 0.5, 0, 0, 0.25), [2, 2, 2]);

test("covariances are as they were measured, clipped, or one number each: the mean of both axes'", async () => {
  const covariancesOf = async (config: Partial<MonkeyNetDetectorConfig>) => {
    const { backend, detector } = await answering(config, { covariances: spread });
    const keypoints = await detector.detect(picture());
    const values = keypoints.covariances && [...keypoints.covariances.data];
    for (const part of Object.values(keypoints)) part[Symbol.dispose]();
    await detector[Symbol.asyncDispose]();
    expect(backend.live).toBe(0); // also what was measured and not handed on
    return { dims: keypoints.covariances?.dims, values, outputs: backend.runs[0]!.outputs };
  };
  const { clipVariance: _, ...unclipped } = two;
  const outputs = ["points", "covariances"];
  expect(await covariancesOf({ ...unclipped, keypointVariance: "single" })).toEqual({
    dims: [2, 1, 1],
    values: [3, 0.375],
    outputs,
  });
  const clipped = { keypointVariance: "matrix", clipVariance: 0.5 } as const;
  expect(await covariancesOf(clipped)).toEqual({ dims: [2, 2, 2], values: [4, 1, 1, 2, 1, 0, 0, 0.5], outputs });
  expect(await covariancesOf({ keypointVariance: 0.01 })).toEqual({ outputs: ["points"] });
});

test("without clipping covariances are handed on as they are", async () => {
  const { clipVariance: _, ...unclipped } = two;
  const backend = mockBackend({
    answer: () => ({ points: zeros([2, 2]), covariances: spread, heatmaps: zeros([1, 2, 16, 24]) }),
  });
  const weights = proceduralWeights("kp_detector", monkeyNetDetectorSpecs(unclipped));
  await using detector = await createMonkeyNetDetector(backend, unclipped, weights, size);
  expect((await detector.detect(picture())).covariances!.data).toEqual(spread.data);
});

test("numbers that are none are refused, and nothing is left behind", async () => {
  for (const [part, what] of [
    ["points", "point"],
    ["covariances", "covariance"],
  ] as const) {
    const bad = tensor(
      "float32",
      new Float32Array(part === "points" ? 4 : 8).fill(Number.NaN, 3),
      part === "points" ? [2, 2] : [2, 2, 2],
    );
    const { backend, detector } = await answering({}, { [part]: bad });
    await expect(detector.detect(picture())).rejects.toMatchObject({
      code: "MOTION",
      message: expect.stringContaining(`keypoint detector: the ${what} of keypoint`),
    });
    await detector[Symbol.asyncDispose]();
    expect(backend.live).toBe(0);
  }
});

test("an aborted signal rejects with its reason, at load and at detection; other sizes and weights are refused", async () => {
  const reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  const weights = new Map(proceduralWeights("kp_detector", monkeyNetDetectorSpecs(two)));
  await expect(createMonkeyNetDetector(mockBackend(), two, weights, size, { signal })).rejects.toBe(reason);
  const { detector } = await answering({}, {});
  await expect(detector.detect(picture(), { signal })).rejects.toBe(reason);
  await expect(detector.detect(noise([1, 3, 48, 32]))).rejects.toMatchObject({ code: "SHAPE" });
  expect(detector.size).toEqual(size);
  weights.delete("predictor.decoder.conv.bias");
  await expect(createMonkeyNetDetector(mockBackend(), two, weights, size)).rejects.toThrow(
    'weights: "predictor.decoder.conv.bias" [2] is missing.',
  );
});
