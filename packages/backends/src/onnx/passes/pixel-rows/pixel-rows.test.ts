import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noise } from "../../../testing/noise.ts";
import type { Graph } from "../../graph.ts";
import { GraphBuilder, type Value } from "../../graph-builder.ts";
import { differenceOf, layerGraph } from "../conv-forms/testing/layer-graph.ts";
import { countProducts } from "../count-products/count-products.ts";
import { lineOrder, reorder, tileOrder } from "./pixel-order.ts";
import { pixelRows } from "./pixel-rows.ts";

const size = fc.tuple(fc.integer({ min: 3, max: 11 }), fc.integer({ min: 3, max: 11 }));
const count = fc.integer({ min: 1, max: 5 });
const operators = (graph: Graph) => graph.nodes.map(({ op }) => op);

describe.each([2, 4] as const)("tiles of %i", (side) => {
  test.each([false, true])("give the same output (doubled: %s)", async (upsampling) => {
    const pad = upsampling ? fc.constant(1) : fc.constantFrom(0, 1);
    const layers = fc.record({
      channels: fc.tuple(count, count),
      size,
      bias: fc.boolean(),
      pads: fc.tuple(pad, pad, pad, pad),
    });
    await fc.assert(
      fc.asyncProperty(layers, async (layer) => {
        const graph = layerGraph({ ...layer, upsampling });
        const written = pixelRows(graph, () => side);
        expect(operators(written)).not.toContain("Conv");
        expect(await differenceOf(written, graph)).toBeLessThan(2e-5);
      }),
      { numRuns: 20 },
    );
  });

  test("multiply less than the convolution", () => {
    const graph = layerGraph({ channels: [64, 64], size: [32, 32] });
    expect(countProducts(pixelRows(graph, () => side))).toBeLessThan(countProducts(graph));
  });
});

function conv(g: GraphBuilder, x: Value, outputs: number, seed: number): Value {
  const [, inputs, height, width] = x.dims as [number, number, number, number];
  const weight = g.constant(noise([outputs, inputs, 3, 3], seed), "weight");
  return g.node("Conv", [x, weight], [1, outputs, height, width], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
}

/** Two residual blocks with what is between convolutions in our networks. */
function chain(height: number, width: number): Graph {
  const g = new GraphBuilder("chain");
  let x = g.input("x", [1, 4, height, width]);
  for (let block = 0; block < 2; block++) {
    const factor = g.constant(noise([4, 1, 1], 10 + block), "factor");
    const summand = g.constant(noise([4, 1, 1], 20 + block), "summand");
    const shifted = g.node("Add", [g.node("Mul", [x, factor], x.dims), summand], x.dims);
    const first = g.node("Relu", [conv(g, g.node("Relu", [shifted], x.dims), 4, 30 + block)], x.dims);
    x = g.node("Add", [x, conv(g, first, 4, 40 + block)], x.dims);
  }
  g.output(x, "y");
  return g.build();
}

test("a chain stays as rows until its end", async () => {
  await fc.assert(
    fc.asyncProperty(size, async ([height, width]) => {
      const graph = chain(height, width);
      const written = pixelRows(graph, () => 4);
      // In twice, as itself and after its normalisation; out by the last convolution's two, and what is added to it.
      expect(operators(written).filter((op) => op === "Transpose").length).toBe(5);
      expect(await differenceOf(written, graph)).toBeLessThan(5e-5);
    }),
    { numRuns: 15 },
  );
});

test("where only some convolutions are chosen, the others get their maps", async () => {
  const graph = chain(8, 9);
  let at = 0;
  const written = pixelRows(graph, () => (at++ % 2 === 0 ? 2 : undefined));
  expect(operators(written).filter((op) => op === "Conv").length).toBe(2);
  expect(await differenceOf(written, graph)).toBeLessThan(5e-5);
});

test("tiles of different sides are brought into one order where they are added", async () => {
  const g = new GraphBuilder("mixed");
  const x = g.input("x", [1, 3, 9, 10]);
  g.output(g.node("Add", [conv(g, x, 5, 1), conv(g, x, 5, 2)], [1, 5, 9, 10]), "y");
  const graph = g.build();
  let at = 0;
  expect(
    await differenceOf(
      pixelRows(graph, () => (at++ === 0 ? 2 : 4)),
      graph,
    ),
  ).toBeLessThan(2e-5);
});

test("a value that several read is turned once", () => {
  const g = new GraphBuilder("shared");
  const x = g.input("x", [1, 3, 8, 8]);
  g.output(conv(g, x, 5, 1), "a");
  g.output(conv(g, x, 5, 2), "b");
  const written = pixelRows(g.build(), () => 4);
  expect(written.nodes.filter(({ op, name }) => op === "Transpose" && name === "x.rows").length).toBe(1);
});

test("a graph without a chosen convolution is what it was", () => {
  const graph = chain(8, 8);
  expect(pixelRows(graph, () => undefined)).toBe(graph);
});

test("an order brought to lines and back is the order", () => {
  fc.assert(
    fc.property(size, fc.constantFrom(2, 4), ([height, width], side) => {
      const [lines, tiles] = [lineOrder([height, width]), tileOrder([height, width], side)];
      const [there, back] = [reorder(lines, tiles), reorder(tiles, lines)];
      for (let row = 0; row < lines.rows; row++) expect(there[Number(back[row])]).toBe(BigInt(row));
    }),
  );
});
