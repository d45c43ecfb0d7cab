import fc from "fast-check";
import { expect, test } from "vitest";
import { rewriteConvs } from "../conv-forms/rewrite-convs.ts";
import { differenceOf, layerGraph } from "../conv-forms/testing/layer-graph.ts";
import { countProducts } from "../count-products/count-products.ts";
import { kernelRows } from "./kernel-rows.ts";

const pad = fc.integer({ min: 0, max: 3 });
const layers = fc.record({
  channels: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 15 })),
  size: fc.tuple(fc.integer({ min: 7, max: 12 }), fc.integer({ min: 7, max: 12 })),
  kernel: fc.constantFrom([7, 7] as const, [3, 3] as const, [2, 5] as const),
  pads: fc.tuple(pad, pad, pad, pad),
  bias: fc.boolean(),
  batch: fc.constantFrom(1, 2),
});

test("the output is the same", async () => {
  await fc.assert(
    fc.asyncProperty(layers, async (layer) => {
      const graph = layerGraph(layer);
      const written = rewriteConvs(graph, () => kernelRows);
      expect(written.nodes.filter(({ op }) => op === "Conv").length).toBe(2);
      expect(await differenceOf(written, graph)).toBeLessThan(2e-6);
    }),
    { numRuns: 40 },
  );
});

test("it multiplies as often as it says: a row more than the convolution for each output", () => {
  const graph = layerGraph({ channels: [64, 3], size: [32, 32], kernel: [7, 7], pads: [3, 3, 3, 3] });
  let said = 0;
  const written = rewriteConvs(graph, (site) => {
    said = kernelRows.products(site);
    return kernelRows;
  });
  expect(countProducts(written)).toBe(said);
  expect(said - countProducts(graph)).toBe(3 * 32 * 32 * 49);
});

test("convolutions with many outputs are left alone", () => {
  const graph = layerGraph({ channels: [4, 16], size: [8, 8], kernel: [7, 7], pads: [3, 3, 3, 3] });
  expect(rewriteConvs(graph, () => kernelRows)).toBe(graph);
});
