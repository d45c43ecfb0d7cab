import fc from "fast-check";
import { expect, test } from "vitest";
import { stateDictTable } from "../../../../fixtures/state-dict-table.ts";
import { architectureOf } from "../models/architecture.ts";
import { configsThatFit } from "./configs-that-fit.ts";

test("vox and vox-full have the same tensors, and differ in scales that do not show", () => {
  expect(configsThatFit(stateDictTable("monkey_vox"))).toEqual({
    family: "monkey-net",
    fits: ["vox-full", "vox"],
    differences: ["generator_params.dense_motion_params.scale_factor", "kp_detector_params.scale_factor"],
    inferred: undefined,
    assumed: [],
  });
});

test("moving-gif is known by its tensors", () => {
  expect(configsThatFit(stateDictTable("monkey_moving_gif"))).toMatchObject({ fits: ["moving-gif"], differences: [] });
});

test("64 × 64 configurations of the same tensors differ in clipping and normalisation", () => {
  const { specs } = architectureOf("monkey-net", nemo());
  const { fits, differences } = configsThatFit(new Map(Object.entries(specs)));
  expect(fits).toEqual(["actions", "bair", "nemo"]);
  expect(differences).toEqual([
    "generator_params.dense_motion_params.mask_embedding_params.norm_const",
    "generator_params.kp_embedding_params.norm_const",
    "kp_detector_params.clip_variance",
  ]);
});

/** The architecture of nemo, by its parameters that show. */
function nemo(): Record<string, unknown> {
  const size = { block_expansion: 32, max_features: 512, num_blocks: 5 };
  return {
    common_params: { num_kp: 10, kp_variance: "matrix" },
    kp_detector_params: { temperature: 0.1, ...size },
    generator_params: {
      ...size,
      num_refinement_blocks: 4,
      dense_motion_params: { ...size, num_group_blocks: 2, mask_embedding_params: { use_deformed_source_image: true } },
      kp_embedding_params: {},
    },
  };
}

test.each(["monkey_tiny", "monkey_tiny_constvar", "monkey_tiny_sum_single"])(
  "the parameters of %s are read off its tensors, and what does not show is listed",
  (fixture) => {
    const table = stateDictTable(fixture);
    const { fits, inferred, assumed } = configsThatFit(table);
    expect(fits).toEqual([]);
    expect(inferred).toMatchObject({
      common_params: { num_kp: 4 },
      kp_detector_params: { block_expansion: 8, max_features: 32, num_blocks: 3 },
      generator_params: {
        num_blocks: 4,
        num_refinement_blocks: 2,
        dense_motion_params: {
          use_mask: true,
          use_correction: fixture !== "monkey_tiny_constvar",
          num_group_blocks: fixture === "monkey_tiny_constvar" ? 0 : 2,
          mask_embedding_params: { use_heatmap: true, use_difference: true, use_deformed_source_image: true },
        },
        kp_embedding_params: { use_heatmap: true, use_difference: false, use_deformed_source_image: false },
      },
    });
    expect(assumed.map(({ key }) => key.replace("model_params.", ""))).toEqual([
      "generator_params.dense_motion_params.mask_embedding_params.heatmap_type",
      "generator_params.dense_motion_params.mask_embedding_params.norm_const",
      "generator_params.dense_motion_params.scale_factor",
      "generator_params.kp_embedding_params.heatmap_type",
      "generator_params.kp_embedding_params.norm_const",
      "common_params.kp_variance",
      "kp_detector_params.temperature",
      "kp_detector_params.scale_factor",
      "kp_detector_params.clip_variance",
      "generator_params.interpolation_mode",
      "generator_params.kp_embedding_params.scale_factor",
    ]);
  },
);

const hourglass = {
  block_expansion: fc.integer({ min: 1, max: 40 }),
  max_features: fc.integer({ min: 40, max: 300 }),
  num_blocks: fc.integer({ min: 1, max: 6 }),
};

const embedding = fc
  .record({ use_heatmap: fc.boolean(), use_difference: fc.boolean(), use_deformed_source_image: fc.boolean() })
  .filter((parts) => Object.values(parts).some(Boolean));

const parameters = fc.record({
  common_params: fc.record({
    num_kp: fc.integer({ min: 1, max: 30 }),
    kp_variance: fc.constantFrom("matrix", "single", 0.01),
  }),
  kp_detector_params: fc.record({ temperature: fc.constant(0.1), ...hourglass }),
  generator_params: fc.record({
    ...hourglass,
    num_refinement_blocks: fc.integer({ min: 0, max: 9 }),
    dense_motion_params: fc.record({
      ...hourglass,
      motion: fc.constantFrom(
        { use_mask: true, use_correction: true },
        { use_mask: true, use_correction: false },
        { use_mask: false, use_correction: true },
      ),
      num_group_blocks: fc.integer({ min: 0, max: 4 }),
      mask_embedding_params: embedding,
    }),
    kp_embedding_params: fc.option(embedding, { nil: null }),
  }),
});

test("the parameters of any Monkey-Net can be read off its tensors", () => {
  fc.assert(
    fc.property(parameters, (drawn) => {
      const { motion, ...dense } = drawn.generator_params.dense_motion_params;
      const params = {
        ...drawn,
        generator_params: {
          ...drawn.generator_params,
          dense_motion_params: { ...dense, ...motion },
        },
      };
      const { specs } = architectureOf("monkey-net", params);
      const { family, inferred } = configsThatFit(new Map(Object.entries(specs)));
      expect(family).toBe("monkey-net");
      expect(architectureOf("monkey-net", inferred).specs).toEqual(specs);
    }),
    { numRuns: 200, seed: 20_181_128 },
  );
});
