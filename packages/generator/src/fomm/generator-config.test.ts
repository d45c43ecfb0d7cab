import { expect, test } from "vitest";
import { officialTensors } from "../../../../fixtures/official-tensors.ts";
import { type FommGeneratorConfig, fommGeneratorSpecs } from "./generator-config.ts";

const tiny: FommGeneratorConfig = {
  numChannels: 3,
  blockExpansion: 8,
  maxFeatures: 24,
  numDownBlocks: 2,
  numBottleneckBlocks: 2,
};
const vox: FommGeneratorConfig = {
  numChannels: 3,
  blockExpansion: 64,
  maxFeatures: 512,
  numDownBlocks: 2,
  numBottleneckBlocks: 6,
};

test.each([
  ["fomm_tiny", tiny],
  ["fomm_tiny_half", tiny],
  ["fomm_tiny_zero", tiny],
  ["fomm_vox256", vox],
  ["fomm_vox_adv256", vox],
  ["fomm_mgif256", vox],
])("%s has the tensors of the official checkpoint beside its dense motion, and no others", (fixture, config) => {
  const specs = fommGeneratorSpecs(config).map(({ name, dims }) => `${name} [${dims.join(", ")}]`);
  const official = officialTensors(fixture, "generator").filter((line) => !line.startsWith("dense_motion_network."));
  expect(specs.sort()).toEqual(official);
  expect(specs.length).toBeGreaterThan(50);
});
