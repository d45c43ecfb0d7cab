import { officialConfig } from "@bunraku/checkpoints";
import { expect, test } from "vitest";
import { architectureOf } from "../models/architecture.ts";
import { discriminatorSpecs } from "./discriminator-specs.ts";
import { parameterCount } from "./parameters.ts";

// The table of spec 2.2.
const fomm = [45_575_391, 14_215_368] as const;
const small = [19_088_315, 9_412_600, 1_719_489] as const;
const vox = [80_629_691, 14_132_728, 1_719_489] as const;

test.each([
  ["bair-256", ...fomm, 2_758_849],
  ["fashion-256", ...fomm, 2_758_849],
  ["mgif-256", 45_575_391, 14_153_592, 2_758_849],
  ["nemo-256", ...fomm, 2_758_849],
  ["taichi-256", ...fomm, 2_758_849],
  ["taichi-adv-256", ...fomm, 2_769_089],
  ["vox-256", ...fomm, 2_758_849],
  ["vox-adv-256", ...fomm, 2_769_089],
  ["actions", ...small],
  ["bair", ...small],
  ["moving-gif", 52_235_653, 14_132_728, 1_719_489],
  ["nemo", ...small],
  ["shapes", 2_111_899, 1_027_072, 1_713_345],
  ["taichi", 28_528_571, 14_132_728, 1_719_489],
  ["vox-full", ...vox],
  ["vox", ...vox],
] as const)("%s has %i, %i and %i parameters", (name, generator, detector, discriminator) => {
  const config = officialConfig(name);
  const { specs } = architectureOf(config.family, config.modelParams);
  expect([specs.generator, specs.kp_detector, discriminatorSpecs(config)].map(parameterCount)).toEqual([
    generator,
    detector,
    discriminator,
  ]);
});
