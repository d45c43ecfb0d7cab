import { expect, test } from "vitest";
import { officialTensors } from "../../../../fixtures/official-tensors.ts";
import { type FommDetectorConfig, fommDetectorSpecs } from "./detector-config.ts";

const tiny: FommDetectorConfig = {
  numKeypoints: 4,
  numChannels: 3,
  estimateJacobian: true,
  singleJacobianMap: false,
  temperature: 0.1,
  scaleFactor: 0.25,
  pad: 0,
  blockExpansion: 8,
  maxFeatures: 32,
  numBlocks: 3,
};
const vox: FommDetectorConfig = { ...tiny, numKeypoints: 10, blockExpansion: 32, maxFeatures: 1024, numBlocks: 5 };

const cases: Record<string, FommDetectorConfig> = {
  fomm_tiny: tiny,
  fomm_tiny_half: { ...tiny, scaleFactor: 0.5 },
  fomm_tiny_single: { ...tiny, singleJacobianMap: true },
  fomm_tiny_zero: { ...tiny, estimateJacobian: false },
  fomm_vox256: vox,
  fomm_vox_adv256: vox,
  fomm_mgif256: { ...vox, singleJacobianMap: true },
};

test.each(Object.entries(cases))("%s has the tensors of the official checkpoint, and no others", (fixture, config) => {
  const specs = fommDetectorSpecs(config).map(({ name, dims }) => `${name} [${dims.join(", ")}]`);
  expect(specs.sort()).toEqual(officialTensors(fixture, "kp_detector"));
  expect(specs.length).toBeGreaterThan(30);
});
