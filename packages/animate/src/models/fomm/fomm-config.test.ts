import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { officialTensors } from "../../../../../fixtures/official-tensors.ts";
import { tinyParams } from "../../testing/tiny-model.ts";
import { expectFrameSize } from "../frame-rule.ts";
import { fommFrameRule, fommTensorSpecs, parseFommConfig } from "./fomm-config.ts";

const fixtures = new URL("../../../../../fixtures/", import.meta.url);
const configOf = (name: string) =>
  parseFommConfig(JSON.parse(readFileSync(new URL(`golden/${name}.json`, fixtures), "utf8")).config);

test.each(["fomm_tiny", "fomm_tiny_half", "fomm_tiny_single", "fomm_tiny_zero", "fomm_vox256"])(
  "the tensors of %s are those of the official state dictionary",
  (name) => {
    const wanted = ["generator", "kp_detector"].flatMap((module) =>
      officialTensors(name, module).map((line) => `${module} ${line}`),
    );
    const specs = fommTensorSpecs(configOf(name));
    const got = Object.entries(specs).flatMap(([module, list]) =>
      list.map(({ name: key, dims }) => `${module} ${key} [${dims.join(", ")}]`),
    );
    expect(got.sort()).toEqual(wanted.sort());
  },
);

test("absent keys have upstream's defaults", () => {
  const { detector, denseMotion } = parseFommConfig(tinyParams);
  expect(detector).toMatchObject({ singleJacobianMap: false, pad: 0 });
  expect(denseMotion).toMatchObject({ keypointVariance: 0.01 });
});

test.each([
  [undefined, "model_params must be a section, got nothing."],
  [{}, "model_params.common_params must be a section, got nothing."],
  [
    { ...tinyParams, kp_detector_params: { ...tinyParams.kp_detector_params, num_blocks: 1100 } },
    "model_params.kp_detector_params.num_blocks must be a whole number from 1 to 16, got 1100.",
  ],
  [
    { ...tinyParams, generator_params: { ...tinyParams.generator_params, num_down_blocks: 1100 } },
    "model_params.generator_params.num_down_blocks must be a whole number from 0 to 16, got 1100.",
  ],
  [
    { ...tinyParams, common_params: { ...tinyParams.common_params, num_kp: -1 } },
    "model_params.common_params.num_kp must be a whole number from 1 to 65536, got -1.",
  ],
  [
    { ...tinyParams, common_params: { ...tinyParams.common_params, num_channels: 1 } },
    "num_channels must be 3 (RGB), got 1.",
  ],
  [
    { ...tinyParams, kp_detector_params: { ...tinyParams.kp_detector_params, temperature: 0 } },
    "model_params.kp_detector_params.temperature must be a number above 0, got 0.",
  ],
  [
    { ...tinyParams, kp_detector_params: { ...tinyParams.kp_detector_params, scale_factor: 2 } },
    "scale_factor must be a number above 0 and at most 1, got 2.",
  ],
  [
    { ...tinyParams, kp_detector_params: { ...tinyParams.kp_detector_params, scale_factor: 1e-4 } },
    "model_params.kp_detector_params.scale_factor must be a number from 1/64 to 1, got 0.0001.",
  ],
  [
    { ...tinyParams, generator_params: { ...tinyParams.generator_params, estimate_occlusion_map: 1 } },
    "estimate_occlusion_map must be true or false, got 1.",
  ],
])("a configuration that cannot be is refused by name", (params, message) => {
  expect(() => parseFommConfig(params)).toThrow(message);
});

test("vox-256 takes frames whose sides are multiples of 128, and names the next ones", () => {
  const rule = fommFrameRule(configOf("fomm_vox256"));
  expect(rule).toEqual({ step: 128, least: 128 });
  expect(() => expectFrameSize(rule, { height: 256, width: 384 })).not.toThrow();
  expect(() => expectFrameSize(rule, { height: 256, width: 300 })).toThrow(
    "the width must be a multiple of 128 of at least 128, got 300. Use 256 or 384.",
  );
});
