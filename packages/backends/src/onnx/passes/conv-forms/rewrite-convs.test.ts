import { expect, test } from "vitest";
import { noise } from "../../../testing/noise.ts";
import { GraphBuilder, type Value } from "../../graph-builder.ts";
import { winograd } from "../winograd/winograd.ts";
import { convSites } from "./conv-site.ts";
import { rewriteConvs } from "./rewrite-convs.ts";
import { differenceOf, layerGraph } from "./testing/layer-graph.ts";

const padded = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };

function conv(g: GraphBuilder, x: Value, outputs: number, seed: number, attributes = {}): Value {
  const [batch, inputs, height, width] = x.dims as [number, number, number, number];
  const weight = g.constant(noise([outputs, inputs, 3, 3], seed), "weight");
  return g.node("Conv", [x, weight], [batch, outputs, height, width], { ...padded, ...attributes });
}

function double(g: GraphBuilder, x: Value): Value {
  const [batch, channels, height, width] = x.dims as [number, number, number, number];
  return g.node("Resize", [x, undefined, g.floats([1, 1, 2, 2])], [batch, channels, 2 * height, 2 * width], {
    mode: "nearest",
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  });
}

test("forms may be mixed: each convolution has its own", async () => {
  const g = new GraphBuilder("two");
  const x = g.input("x", [1, 4, 9, 8]);
  const first = g.node("Relu", [conv(g, x, 5, 1)], [1, 5, 9, 8]);
  g.output(g.node("Add", [conv(g, first, 4, 2), x], x.dims), "y");
  const graph = g.build();
  const written = rewriteConvs(graph, (site) => winograd(site.channels[0] === 4 ? 2 : 4));
  expect(written.nodes.filter(({ op }) => op === "ConvTranspose").length).toBe(2);
  expect(await differenceOf(written, graph)).toBeLessThan(2e-5);
});

test("a doubled map that others read is still made", async () => {
  const g = new GraphBuilder("shared");
  const large = double(g, g.input("x", [1, 4, 5, 4]));
  g.output(g.node("Add", [conv(g, large, 4, 1), large], large.dims), "y");
  const graph = g.build();
  expect(convSites(graph)[0]!.upsampling).toBeUndefined();
  expect(
    await differenceOf(
      rewriteConvs(graph, () => winograd(4)),
      graph,
    ),
  ).toBeLessThan(2e-5);
});

test("a doubled map that is an output is still made", () => {
  const g = new GraphBuilder("shown");
  const large = double(g, g.input("x", [1, 4, 5, 4]));
  g.output(conv(g, large, 4, 1), "y");
  g.output(large, "large");
  expect(convSites(g.build())[0]!.upsampling).toBeUndefined();
});

test.each([{ strides: [2, 2] }, { dilations: [2, 2] }, { group: 2 }, { auto_pad: "SAME_UPPER" }])(
  "a convolution with %j is not ordinary",
  (attributes) => {
    const g = new GraphBuilder("odd");
    g.output(conv(g, g.input("x", [1, 4, 8, 8]), 4, 1, attributes), "y");
    expect(convSites(g.build())).toEqual([]);
  },
);

test("what a graph knows of its values stays true", () => {
  const written = rewriteConvs(layerGraph({ channels: [3, 5], size: [9, 7], upsampling: true }), () => winograd(4));
  const given = written.nodes.flatMap(({ outputs }) => outputs).filter((name) => name !== "y");
  expect(new Set(written.values!.map(({ name }) => name))).toEqual(new Set(given));
  expect(written.values!.find(({ name }) => name === "conv")!.dims).toEqual([1, 5, 18, 14]);
});
