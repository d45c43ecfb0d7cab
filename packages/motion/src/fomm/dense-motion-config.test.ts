import { expect, test } from "vitest";
import { officialTensors } from "../../../../fixtures/official-tensors.ts";
import { denseMotionInputs, type FommDenseMotionConfig, fommDenseMotionSpecs } from "./dense-motion-config.ts";

const tiny: FommDenseMotionConfig = {
  numKeypoints: 4,
  numChannels: 3,
  scaleFactor: 0.25,
  keypointVariance: 0.01,
  estimateOcclusionMap: true,
  blockExpansion: 8,
  maxFeatures: 32,
  numBlocks: 3,
};
const vox: FommDenseMotionConfig = { ...tiny, numKeypoints: 10, blockExpansion: 64, maxFeatures: 1024, numBlocks: 5 };

const cases: Record<string, FommDenseMotionConfig> = {
  fomm_tiny: tiny,
  fomm_tiny_half: { ...tiny, scaleFactor: 0.5 },
  fomm_tiny_zero: { ...tiny, estimateOcclusionMap: false },
  fomm_vox256: vox,
  fomm_vox_adv256: vox,
  fomm_mgif256: vox,
};

test.each(Object.entries(cases))("%s has the tensors of the official checkpoint, and no others", (fixture, config) => {
  const specs = fommDenseMotionSpecs(config).map(({ name, dims }) => `${name} [${dims.join(", ")}]`);
  expect(specs.sort()).toEqual(officialTensors(fixture, "generator", "dense_motion_network."));
  expect(specs.length).toBeGreaterThan(30);
});

test("the network reads a heatmap and three colours per keypoint and for the background: 44 for 10", () => {
  expect(denseMotionInputs(vox)).toBe(44);
});
