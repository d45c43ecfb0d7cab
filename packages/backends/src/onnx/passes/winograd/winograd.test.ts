import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rewriteConvs } from "../conv-forms/rewrite-convs.ts";
import { differenceOf, layerGraph } from "../conv-forms/testing/layer-graph.ts";
import { countProducts } from "../count-products/count-products.ts";
import { transformOf } from "./transforms.ts";
import { winograd } from "./winograd.ts";

const small = fc.record({
  channels: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
  size: fc.tuple(fc.integer({ min: 3, max: 13 }), fc.integer({ min: 3, max: 13 })),
  bias: fc.boolean(),
});
const sides = fc.constantFrom(0, 1);

describe.each([2, 4] as const)("tiles of %i", (outputs) => {
  const rewrite = (graph: Parameters<typeof rewriteConvs>[0]) => rewriteConvs(graph, () => winograd(outputs));

  test("give the same output, whatever the size and the padding", async () => {
    await fc.assert(
      fc.asyncProperty(small, fc.tuple(sides, sides, sides, sides), async (layer, pads) => {
        const graph = layerGraph({ ...layer, pads });
        expect(await differenceOf(rewrite(graph), graph)).toBeLessThan(2e-5);
      }),
      { numRuns: 30 },
    );
  });

  test("give the same output for a doubled map, which is not made", async () => {
    await fc.assert(
      fc.asyncProperty(small, async (layer) => {
        const graph = layerGraph({ ...layer, upsampling: true });
        const written = rewrite(graph);
        expect(written.nodes.some(({ op }) => op === "Resize")).toBe(false);
        expect(await differenceOf(written, graph)).toBeLessThan(2e-5);
      }),
      { numRuns: 30 },
    );
  });

  test.each([false, true])(
    "multiply as often as they say, and less than the convolution (doubled: %s)",
    (upsampling) => {
      const graph = layerGraph({ channels: [64, 64], size: [32, 32], upsampling });
      let said = 0;
      const written = rewriteConvs(graph, (site) => {
        said = winograd(outputs).products(site);
        return winograd(outputs);
      });
      expect(countProducts(written)).toBe(said);
      expect(said).toBeLessThan(countProducts(graph));
    },
  );

  test("leave other kernels alone", () => {
    const graph = layerGraph({ channels: [4, 4], size: [8, 8], kernel: [7, 7], pads: [3, 3, 3, 3] });
    expect(rewrite(graph)).toBe(graph);
  });
});

test("a doubled map needs one product less per axis: nine for four outputs, as the specification counts", () => {
  expect(transformOf(2).input.length).toBe(4);
  expect(transformOf(2, { upsampling: true }).input.length).toBe(3);
  expect(transformOf(4).input.length).toBe(6);
  expect(transformOf(4, { upsampling: true }).input.length).toBe(5);
});

test.each([2, 4] as const)("F(%i, 3) is a correlation with three taps", (outputs) => {
  const { input, kernel, output, window } = transformOf(outputs);
  for (let tap = 0; tap < 3; tap++) {
    for (let at = 0; at < window; at++) {
      const results = output.map((row) =>
        row.reduce((sum, factor, point) => sum + factor * kernel[point]![tap]! * input[point]![at]!, 0),
      );
      for (const [y, value] of results.entries()) expect(value).toBeCloseTo(y + tap === at ? 1 : 0, 12);
    }
  }
});
