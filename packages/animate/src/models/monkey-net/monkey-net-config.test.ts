import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { officialTensors } from "../../../../../fixtures/official-tensors.ts";
import { expectFrameSize } from "../frame-rule.ts";
import { monkeyNetTensorSpecs, parseMonkeyNetConfig } from "./monkey-net-config.ts";
import { monkeyNetFrameRule } from "./monkey-net-frame-rule.ts";

const fixtures = new URL("../../../../../fixtures/", import.meta.url);
const paramsOf = (name: string) =>
  JSON.parse(readFileSync(new URL(`golden/${name}.json`, fixtures), "utf8")).config as Params;
type Params = Record<string, Record<string, unknown>>;

test.each(["monkey_tiny", "monkey_tiny_constvar", "monkey_tiny_sum_single", "monkey_moving_gif", "monkey_vox"])(
  "the tensors of %s are those of the official state dictionary",
  (name) => {
    const wanted = ["generator", "kp_detector"].flatMap((module) =>
      officialTensors(name, module).map((line) => `${module} ${line}`),
    );
    const specs = monkeyNetTensorSpecs(parseMonkeyNetConfig(paramsOf(name)));
    const got = Object.entries(specs).flatMap(([module, list]) =>
      list.map(({ name: key, dims }) => `${module} ${key} [${dims.join(", ")}]`),
    );
    expect(got.sort()).toEqual(wanted.sort());
  },
);

const tiny = paramsOf("monkey_tiny");
const change = (section: string, keys: Record<string, unknown>): Params => ({
  ...tiny,
  [section]: { ...tiny[section], ...keys },
});
const changeDense = (keys: Record<string, unknown>) => {
  const dense = { ...(tiny.generator_params!.dense_motion_params as object), ...keys };
  return change("generator_params", { dense_motion_params: dense });
};

test("absent keys have upstream's defaults", () => {
  const { clip_variance: _, scale_factor: __, ...detector } = tiny.kp_detector_params!;
  const config = parseMonkeyNetConfig({
    ...change("generator_params", { kp_embedding_params: {} }),
    kp_detector_params: detector,
  });
  expect(config.detector).toMatchObject({ scaleFactor: 1 });
  expect(config.detector).not.toHaveProperty("clipVariance");
  expect(config.generator.interpolation).toBe("nearest");
  expect(config.embedding).toMatchObject({
    addBackground: false,
    useHeatmap: true,
    useDifference: false,
    useDeformedSource: false,
    heatmapType: "gaussian",
    normalisation: "sum",
    scaleFactor: 1,
  });
});

test("absent keys of dense motion have upstream's defaults; its mask embedding has a background", () => {
  const sizes = { block_expansion: 8, max_features: 32, num_blocks: 3 };
  const dense_motion_params = { ...sizes, mask_embedding_params: {} };
  const { denseMotion } = parseMonkeyNetConfig(change("generator_params", { dense_motion_params }));
  expect(denseMotion).toMatchObject({
    useMask: true,
    useCorrection: true,
    scaleFactor: 1,
    numGroupBlocks: 0,
    embedding: { addBackground: true, useHeatmap: true, heatmapType: "gaussian", normalisation: "sum" },
  });
});

test("what is null is absent: no dense motion, no embedding", () => {
  const config = parseMonkeyNetConfig(
    change("generator_params", { dense_motion_params: null, kp_embedding_params: null }),
  );
  expect(config.denseMotion).toBeUndefined();
  expect(config.embedding).toBeUndefined();
  expect(config.generator.embeddingChannels).toBe(0);
});

test.each([
  [undefined, "configuration: model_params must be a section, got nothing."],
  [
    change("common_params", { kp_variance: "diagonal" }),
    'configuration: model_params.common_params.kp_variance must be "matrix" or "single", or a number above 0, got "diagonal".',
  ],
  [
    change("common_params", { kp_variance: -1 }),
    'configuration: model_params.common_params.kp_variance must be "matrix" or "single", or a number above 0, got -1.',
  ],
  [change("common_params", { num_channels: 1 }), "configuration: num_channels must be 3 (RGB), got 1."],
  [
    change("generator_params", { interpolation_mode: "cubic" }),
    'configuration: model_params.generator_params.interpolation_mode must be "nearest" or "trilinear", got "cubic".',
  ],
  [
    change("generator_params", { kp_embedding_params: { use_heatmap: false } }),
    "configuration: model_params.generator_params.kp_embedding_params: at least one of use_heatmap, use_difference and use_deformed_source_image must be true.",
  ],
  [
    changeDense({ use_mask: false, use_correction: false }),
    "configuration: model_params.generator_params.dense_motion_params: use_mask or use_correction must be true; without both nothing moves.",
  ],
  [
    changeDense({ num_group_blocks: -1 }),
    "configuration: model_params.generator_params.dense_motion_params.num_group_blocks must be a whole number from 0 to 65536, got -1.",
  ],
  [
    changeDense({ mask_embedding_params: { norm_const: "mean" } }),
    'configuration: model_params.generator_params.dense_motion_params.mask_embedding_params.norm_const must be "sum", or a number above 0, got "mean".',
  ],
])("a configuration that cannot be is refused (%#)", (params, message) => {
  expect(() => parseMonkeyNetConfig(params)).toThrow(message);
});

test("frames are multiples of 128 for vox, of 64 for moving-gif", () => {
  const vox = monkeyNetFrameRule(parseMonkeyNetConfig(paramsOf("monkey_vox")));
  expect(vox).toEqual({ step: 128, least: 128 });
  expect(monkeyNetFrameRule(parseMonkeyNetConfig(paramsOf("monkey_moving_gif"))).step).toBe(64);
  expect(() => expectFrameSize(vox, { height: 200, width: 256 })).toThrow(
    "the height must be a multiple of 128 of at least 128, got 200. Use 128 or 256.",
  );
});

test("sides are multiples whose scaled sides are whole blocks, after each rounding down", () => {
  const ruleOf = (params: Params) => monkeyNetFrameRule(parseMonkeyNetConfig(params));
  const detector = (scale_factor: number) => change("kp_detector_params", { scale_factor });
  const embedding = (scale: number) => ({ use_difference: true, scale_factor: scale });
  expect(ruleOf(detector(0.3))).toEqual({ step: 80, least: 80 }); // 80 · 0.3 = 24; 56 · 0.3 is 16 by chance
  // 0.75 / 3 is 1/4, but a third of 32 is 10, and three quarters of that 7.
  const twice = changeDense({ scale_factor: 1 / 3, mask_embedding_params: embedding(0.75) });
  expect(ruleOf(twice)).toEqual({ step: 96, least: 96 });
  expect(ruleOf(change("generator_params", { kp_embedding_params: embedding(1 / 64) }))).toEqual({
    step: 16,
    least: 128,
  });
  expect(() => ruleOf(detector(0.3333))).toThrow("configuration: scale_factor 0.3333 fits no frame of whole pixels.");
});
