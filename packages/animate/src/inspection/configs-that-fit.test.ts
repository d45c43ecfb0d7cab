import { type Family, type JsonObject, officialConfig, officialConfigs } from "@bunraku/checkpoints";
import fc from "fast-check";
import { expect, test } from "vitest";
import { stateDictTable } from "../../../../fixtures/state-dict-table.ts";
import { architectureOf } from "../models/architecture.ts";
import { configsThatFit } from "./configs-that-fit.ts";
import { derivedSpecs } from "./derived-specs.ts";
import { discriminatorSpecs } from "./discriminator-specs.ts";
import type { ModuleTensors, NamedDims } from "./module-tensors.ts";

const without = (modules: ModuleTensors, ...names: string[]) =>
  new Map([...modules].filter(([name]) => !names.includes(name)));

test.each([
  { fixture: "fomm_vox256", fits: ["bair-256", "nemo-256", "vox-256"] },
  { fixture: "fomm_vox_adv256", fits: ["taichi-adv-256", "vox-adv-256"] },
  { fixture: "fomm_mgif256", fits: ["mgif-256"] },
])("the discriminator leaves $fits for $fixture, one network at inference", ({ fixture, fits }) => {
  expect(configsThatFit(stateDictTable(fixture))).toEqual({
    family: "fomm",
    fits,
    differences: [],
    inferred: undefined,
    assumed: [],
  });
});

const common = ["bair-256", "fashion-256", "nemo-256", "taichi-256", "taichi-adv-256", "vox-256", "vox-adv-256"];

test("without a discriminator, or with another, seven first-order configurations fit", () => {
  const modules = stateDictTable("fomm_vox256");
  expect(configsThatFit(without(modules, "discriminator")).fits).toEqual(common);
  const another = new Map(modules).set("discriminator", [{ name: "own.weight", dims: [1], dtype: "float32" }]);
  expect(configsThatFit(another).fits).toEqual(common);
});

test("a discriminator saved by PyTorch 1.0, without weight_v and with weight, is known too", () => {
  const modules = stateDictTable("fomm_vox256");
  const discriminator = modules
    .get("discriminator")!
    .filter(({ name }) => !name.endsWith("weight_v"))
    .flatMap((entry) =>
      entry.name.endsWith("weight_orig") ? [entry, { ...entry, name: entry.name.slice(0, -"_orig".length) }] : [entry],
    );
  expect(configsThatFit(modules.set("discriminator", discriminator)).fits).toEqual(["bair-256", "nemo-256", "vox-256"]);
});

test("one flat dictionary with the modules' names in front is told apart", () => {
  const flat = [...stateDictTable("fomm_mgif256")].flatMap(([module, entries]) =>
    entries.map((entry) => ({ ...entry, name: `${module}.${entry.name}` })),
  );
  expect(configsThatFit(new Map([["", flat]])).fits).toEqual(["mgif-256"]);
});

/** What PyTorch saves for `model_params`: with counters and kernels. */
function saved(family: Family, modelParams: unknown): Map<string, NamedDims[]> {
  const { specs } = architectureOf(family, modelParams);
  const derived = derivedSpecs(family, modelParams);
  const counters = (list: readonly NamedDims[]) =>
    list
      .filter(({ name }) => name.endsWith("running_var"))
      .map(({ name }) => ({ name: name.replace("running_var", "num_batches_tracked"), dims: [] }));
  return new Map(
    (["generator", "kp_detector"] as const).map((module) => [
      module,
      [...specs[module], ...derived[module], ...counters(specs[module])],
    ]),
  );
}

const hourglass = {
  block_expansion: fc.integer({ min: 1, max: 40 }),
  max_features: fc.integer({ min: 40, max: 300 }),
  num_blocks: fc.integer({ min: 1, max: 6 }),
  scale_factor: fc.constantFrom(1, 0.5, 1 / 3, 0.25, 0.2, 0.125),
};

const parameters = fc.record({
  common_params: fc.record({
    num_kp: fc.integer({ min: 1, max: 30 }),
    num_channels: fc.constant(3),
    estimate_jacobian: fc.boolean(),
  }),
  kp_detector_params: fc.record({
    temperature: fc.constantFrom(0.1, 1),
    single_jacobian_map: fc.boolean(),
    pad: fc.constantFrom(0, 3),
    ...hourglass,
  }),
  generator_params: fc.record({
    block_expansion: fc.integer({ min: 1, max: 64 }),
    max_features: fc.integer({ min: 64, max: 300 }),
    num_down_blocks: fc.integer({ min: 0, max: 4 }),
    num_bottleneck_blocks: fc.integer({ min: 0, max: 9 }),
    estimate_occlusion_map: fc.boolean(),
    dense_motion_params: fc.option(fc.record(hourglass), { nil: null }),
  }),
});

test("the parameters of any first-order model can be read off its tensors", () => {
  fc.assert(
    fc.property(parameters, (params) => {
      const { family, inferred, assumed } = configsThatFit(saved("fomm", params));
      expect(family).toBe("fomm");
      expect(architectureOf("fomm", inferred).specs).toEqual(architectureOf("fomm", params).specs);
      expect(derivedSpecs("fomm", inferred)).toEqual(derivedSpecs("fomm", params));
      // With the kernels there, only these are left to assume.
      const allowed = /(temperature|pad|kp_variance)$/;
      expect(assumed.filter(({ key }) => !allowed.test(key))).toEqual([]);
    }),
    { numRuns: 200, seed: 20_190_529 },
  );
});

test("weights that a tool stripped of kernels do not show their scale, and it is said", () => {
  const { discriminator_params: _, ...params }: JsonObject = {
    ...officialConfig("vox-256").modelParams,
    common_params: { num_kp: 12, num_channels: 3, estimate_jacobian: true },
  };
  const { specs } = architectureOf("fomm", params);
  const { fits, inferred, assumed } = configsThatFit(new Map(Object.entries(specs)));
  expect(fits).toEqual([]);
  expect(inferred).toMatchObject(params);
  expect(assumed).toEqual([
    { key: "model_params.kp_detector_params.temperature", value: 0.1 },
    { key: "model_params.kp_detector_params.scale_factor", value: 0.25 },
    { key: "model_params.kp_detector_params.pad", value: 0 },
    { key: "model_params.generator_params.dense_motion_params.scale_factor", value: 0.25 },
    { key: "model_params.generator_params.dense_motion_params.kp_variance", value: 0.01 },
  ]);
});

test("a checkpoint with one tensor more, less or larger fits nothing", () => {
  const whole = saved("fomm", officialConfig("vox-256").modelParams);
  const generator = whole.get("generator")!;
  for (const changed of [
    [...generator, { name: "second.weight", dims: [3] }],
    generator.filter(({ name }) => name !== "final.bias"),
    generator.map((entry) => (entry.name === "final.bias" ? { ...entry, dims: [4] } : entry)),
  ]) {
    expect(configsThatFit(new Map(whole).set("generator", changed))).toMatchObject({
      family: "fomm",
      fits: [],
      inferred: undefined,
      assumed: [],
    });
  }
});

test("other systems' checkpoints belong to no family", () => {
  for (const modules of [{ model: ["conv.weight"] }, { "": ["appearance_encoder.weight"] }, {}]) {
    const tensors = Object.entries(modules).map(
      ([name, keys]) => [name, keys.map((key) => ({ name: key, dims: [1] }))] as const,
    );
    expect(configsThatFit(new Map(tensors))).toMatchObject({ family: undefined, fits: [], inferred: undefined });
  }
});

test.each(["fomm_vox256", "fomm_vox_adv256", "fomm_mgif256", "monkey_vox", "monkey_moving_gif"])(
  "the discriminator of %s has the parameters that its configuration gives",
  (fixture) => {
    const name = {
      fomm_vox256: "vox-256",
      fomm_vox_adv256: "vox-adv-256",
      fomm_mgif256: "mgif-256",
      monkey_vox: "vox",
      monkey_moving_gif: "moving-gif",
    }[fixture]!;
    const wanted = stateDictTable(fixture)
      .get("discriminator")!
      .filter((entry) => !/weight_[uv]$/.test(entry.name))
      .map((entry) => `${entry.name} ${entry.dims}`);
    const got = discriminatorSpecs(officialConfig(name)).map((spec) => `${spec.name} ${spec.dims}`);
    expect(got.sort()).toEqual(wanted.sort());
  },
);

test("every official configuration fits what it would save", () => {
  for (const config of officialConfigs) {
    const modules = saved(config.family, config.modelParams).set("discriminator", discriminatorSpecs(config));
    expect(configsThatFit(modules).fits).toContain(config.name);
  }
});
