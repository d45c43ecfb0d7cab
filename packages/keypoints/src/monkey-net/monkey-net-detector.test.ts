import { readFileSync } from "node:fs";
import { ortNode } from "@bunraku/backends/ort-node";
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
