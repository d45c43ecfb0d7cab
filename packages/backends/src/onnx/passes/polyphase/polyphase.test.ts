import fc from "fast-check";
import { expect, test } from "vitest";
import { rewriteConvs } from "../conv-forms/rewrite-convs.ts";
import { differenceOf, layerGraph } from "../conv-forms/testing/layer-graph.ts";
import { countProducts } from "../count-products/count-products.ts";
import { polyphase } from "./polyphase.ts";

const count = fc.integer({ min: 1, max: 5 });
const layers = fc.record({
  channels: fc.tuple(count, count),
  size: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
  bias: fc.boolean(),
  batch: fc.constantFrom(1, 2),
});

test("the output is the same, and the doubled map is not made", async () => {
  await fc.assert(
    fc.asyncProperty(layers, async (layer) => {
      const graph = layerGraph({ ...layer, upsampling: true });
      const written = rewriteConvs(graph, () => polyphase);
      expect(written.nodes.some(({ op }) => op === "Resize")).toBe(false);
      expect(await differenceOf(written, graph)).toBeLessThan(2e-6);
    }),
    { numRuns: 40 },
  );
});

test("it multiplies 16 times where the convolution multiplies 36 times, as it says", () => {
  const graph = layerGraph({ channels: [8, 8], size: [6, 10], upsampling: true });
  let said = 0;
  const written = rewriteConvs(graph, (site) => {
    said = polyphase.products(site);
    return polyphase;
  });
  expect(countProducts(written)).toBe(said);
  expect(countProducts(graph) / said).toBe(36 / 16);
});

test("a convolution of a map that was not doubled is left alone", () => {
  const graph = layerGraph({ channels: [4, 4], size: [8, 8] });
  expect(rewriteConvs(graph, () => polyphase)).toBe(graph);
});
