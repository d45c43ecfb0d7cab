import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseLayers, type Layer } from "./choose-layers.ts";

/** Errors that add up, as independent ones do. */
const measureOf = (errors: ReadonlyMap<string, number>) => async (integers: readonly Layer[]) => {
  const error = integers.reduce((sum, { layer }) => sum + errors.get(layer)!, 1e-12);
  const psnr = -10 * Math.log10(error);
  return { psnr, worstPsnr: psnr, keypointError: 0 };
};
const layersOf = (errors: ReadonlyMap<string, number>) =>
  [...errors.keys()].map((layer): Layer => ({ graph: "frame", layer }));

test("as few layers are kept as reach the target, and those that cost the most", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 20, max: 70 }),
      async (costs, target) => {
        const errors = new Map(costs.map((cost, i) => [`layer ${i}`, cost * 1e-7]));
        const measure = measureOf(errors);
        const { kept, difference } = await chooseLayers(layersOf(errors), target, measure);
        const worst = [...errors].sort((a, b) => b[1] - a[1]).map(([layer]) => layer);
        expect(kept.map(({ layer }) => layer)).toEqual(worst.slice(0, kept.length));
        expect(difference.psnr).toBeGreaterThanOrEqual(target);
        if (kept.length === 0) return;
        const fewer = worst.slice(kept.length - 1).map((layer) => ({ graph: "frame", layer }));
        expect((await measure(fewer)).psnr).toBeLessThan(target);
      },
    ),
    { numRuns: 100 },
  );
});

test("when all layers together are near enough, none is tried alone", async () => {
  let runs = 0;
  const errors = new Map([
    ["a", 1e-9],
    ["b", 1e-9],
  ]);
  const measure = measureOf(errors);
  const { kept } = await chooseLayers(layersOf(errors), 40, (integers) => {
    runs++;
    return measure(integers);
  });
  expect({ kept, runs }).toEqual({ kept: [], runs: 1 });
});
