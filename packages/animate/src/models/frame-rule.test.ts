import { ortNode } from "@bunraku/backends/ort-node";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import type { Family } from "@bunraku/checkpoints";
import type { Size } from "@bunraku/warp";
import fc from "fast-check";
import { expect, test } from "vitest";
import { proceduralModelWeights } from "../proof/procedural-model-weights.ts";
import { type Architecture, architectureOf } from "./architecture.ts";
import { createModel } from "./create-model.ts";
import { expectFrameSize, frameRule } from "./frame-rule.ts";

test("sides are common multiples of all steps, from the first that is large enough", () => {
  expect(frameRule([4, 6], 1)).toEqual({ step: 12, least: 12 });
  expect(frameRule([4, 6], 13)).toEqual({ step: 12, least: 24 });
  expect(frameRule([], 0)).toEqual({ step: 1, least: 1 });
});

test.each([
  [{ height: 24, width: 36 }, undefined],
  [{ height: 12, width: 24 }, "the height must be a multiple of 12 of at least 24, got 12. Use 24."],
  [{ height: 24, width: 30 }, "the width must be a multiple of 12 of at least 24, got 30. Use 24 or 36."],
  [{ height: 24.5, width: 24 }, "the height must be a multiple of 12 of at least 24, got 24.5. Use 24 or 36."],
  [{ height: Number.NaN, width: 24 }, "the height must be a multiple of 12 of at least 24, got NaN. Use 24."],
])("a frame of %j is taken, or refused with the nearest sizes", (size, message) => {
  const check = () => expectFrameSize({ step: 12, least: 24 }, size);
  if (message) expect(check).toThrow(message);
  else expect(check).not.toThrow();
});

const scale = fc.constantFrom(1, 0.5, 0.25, 0.2, 0.1, 0.75, 0.3, 0.29, 1 / 3);
const net = { block_expansion: fc.constant(2), max_features: fc.constant(4) };
const hourglass = { ...net, num_blocks: fc.integer({ min: 1, max: 3 }), scale_factor: scale };
const embedding = fc
  .record({
    use_heatmap: fc.boolean(),
    use_difference: fc.boolean(),
    use_deformed_source_image: fc.boolean(),
    heatmap_type: fc.constantFrom("gaussian", "difference"),
    norm_const: fc.constantFrom("sum", 10),
    scale_factor: scale,
  })
  .filter((uses) => uses.use_heatmap || uses.use_difference || uses.use_deformed_source_image);
const common = { num_kp: fc.integer({ min: 1, max: 3 }) };

const configurations: Readonly<Record<Family, fc.Arbitrary<unknown>>> = {
  fomm: fc.record({
    common_params: fc.record({ ...common, estimate_jacobian: fc.boolean() }),
    kp_detector_params: fc.record({
      ...hourglass,
      temperature: fc.constant(0.1),
      pad: fc.integer({ min: 0, max: 3 }),
      single_jacobian_map: fc.boolean(),
    }),
    generator_params: fc.record({
      ...net,
      num_down_blocks: fc.integer({ min: 0, max: 3 }),
      num_bottleneck_blocks: fc.integer({ min: 0, max: 1 }),
      estimate_occlusion_map: fc.boolean(),
      dense_motion_params: fc.option(fc.record(hourglass)),
    }),
  }),
  "monkey-net": fc.record({
    common_params: fc.record({ ...common, kp_variance: fc.constantFrom("matrix", "single", 0.05) }),
    kp_detector_params: fc.record({ ...hourglass, temperature: fc.constant(0.1) }),
    generator_params: fc.record({
      ...net,
      num_blocks: fc.integer({ min: 1, max: 4 }),
      num_refinement_blocks: fc.integer({ min: 0, max: 1 }),
      interpolation_mode: fc.constantFrom("nearest", "trilinear"),
      kp_embedding_params: fc.option(embedding),
      dense_motion_params: fc.option(
        fc.record({
          ...hourglass,
          num_group_blocks: fc.integer({ min: 0, max: 1 }),
          use_mask: fc.boolean(),
          use_correction: fc.constant(true),
          mask_embedding_params: embedding,
        }),
      ),
    }),
  }),
};

/** Loads all three graphs at a size and renders a frame: whether the rule is true is what it shows. */
async function render(architecture: Architecture, size: Size) {
  const weights = proceduralModelWeights(architecture);
  await using backend = await ortNode({ threads: 1, thread: "main" });
  await using model = await createModel(backend, architecture, weights, { size, alignCorners: true });
  const [source, initial, driving] = [0, 1, 2].map((index) => proceduralImage(size, index));
  using encoded = await model.encode(source!);
  return await model.render(encoded, await model.detect(driving!), await model.detect(initial!), {
    singular: "translate",
    outputs: ["prediction", "flow"],
  });
}

test.each(["fomm", "monkey-net"] as const)("every frame that the rule of a %s takes runs", async (family) => {
  await fc.assert(
    fc.asyncProperty(configurations[family], async (params) => {
      let architecture: Architecture;
      try {
        architecture = architectureOf(family, params);
      } catch (error) {
        expect(error).toMatchObject({ code: "UNSUPPORTED", message: expect.stringContaining("fits no frame") });
        return;
      }
      const { step, least } = architecture.frames;
      fc.pre(least + step <= 320);
      for (const size of [
        { height: least, width: least + step },
        { height: least + step, width: least },
      ]) {
        const { prediction, flow } = await render(architecture, size);
        expect(prediction!.dims).toEqual([1, 3, size.height, size.width]);
        for (const map of [prediction!, flow]) expect(map?.data.every(Number.isFinite) ?? true).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});
