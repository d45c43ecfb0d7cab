import { officialConfig } from "@bunraku/checkpoints";
import { expect, test } from "vitest";
import { architectureOf } from "../models/architecture.ts";
import { frameSizesOf } from "./frame-sizes.ts";

test.each([
  ["vox-256", { step: 128, least: 128, examples: [128, 256, 384, 512] }],
  ["vox", { step: 128, least: 128, examples: [128, 256, 384, 512] }],
  ["moving-gif", { step: 64, least: 64, examples: [64, 128, 192, 256] }],
  ["taichi", { step: 32, least: 32, examples: [32, 64, 96, 128] }],
])("%s takes sides of these sizes", (name, sizes) => {
  const { family, modelParams } = officialConfig(name);
  expect(frameSizesOf(architectureOf(family, modelParams).frames)).toEqual(sizes);
});

test("sides above 1024 are no examples", () => {
  expect(frameSizesOf({ step: 512, least: 1024 })).toMatchObject({ examples: [1024] });
  expect(frameSizesOf({ step: 4096, least: 4096 })).toMatchObject({ examples: [] });
});
