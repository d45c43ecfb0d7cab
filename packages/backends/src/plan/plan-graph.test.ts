import { expect, test } from "vitest";
import { batchNorm, conv, convSpecs, normSpecs, relu, resBlock, upBlock } from "../layers/index.ts";
import type { Graph } from "../onnx/graph.ts";
import { GraphBuilder } from "../onnx/graph-builder.ts";
import { differenceOf } from "../onnx/passes/conv-forms/testing/layer-graph.ts";
import { countProducts } from "../onnx/passes/count-products/count-products.ts";
import { proceduralWeights } from "../testing/procedural.ts";
import type { Measurements } from "./measurements.ts";
import { planGraph } from "./plan-graph.ts";

const weights = proceduralWeights("generator", [
  ...["r0", "r1"].flatMap((name) => [
    ...normSpecs(`${name}.norm1`, 32),
    ...convSpecs(`${name}.conv1`, 32, 32, 3),
    ...normSpecs(`${name}.norm2`, 32),
    ...convSpecs(`${name}.conv2`, 32, 32, 3),
  ]),
  ...convSpecs("up.conv", 16, 32, 3),
  ...normSpecs("up.norm", 16),
  ...convSpecs("last", 3, 16, 7),
  ...normSpecs("last.norm", 3),
]);

/** A generator in small: two residual blocks, one step up, a 7×7 convolution. */
function generator(): Graph {
  const g = new GraphBuilder("generator");
  let x = g.input("x", [1, 32, 12, 12]);
  for (const name of ["r0", "r1"]) x = resBlock(g, x, weights, name);
  x = upBlock(g, x, weights, "up", 16);
  const colours = conv(g, x, weights, "last", { channels: 3, kernel: 7, padding: 3 });
  g.output(relu(g, batchNorm(g, colours, weights, "last.norm")), "y");
  return g.build();
}

const layers: Measurements["layers"] = {
  "32>32 3x3 12x12": ["winograd4", 1, 2],
  "32>16 3x3 12x12 doubled": ["winograd4", 1, 2],
  "16>3 7x7 24x24": ["kernel-rows", 1, 2],
};
const measurements = { where: "a test", rowsInChains: false, layers };
const formsOf = (changed: Partial<Measurements>) =>
  planGraph(generator(), { ...measurements, ...changed }).plan.layers.map(({ form }) => form);

test.each([false, true])(
  "a planned graph gives the same, and multiplies less (rows in chains: %s)",
  async (rowsInChains) => {
    const graph = generator();
    const planned = planGraph(graph, { ...measurements, rowsInChains });
    expect(countProducts(planned.graph)).toBeLessThan(countProducts(graph));
    expect(await differenceOf(planned.graph, graph)).toBeLessThan(2e-5);
  },
);

test("each layer gets the form that was measured to be the fastest", () => {
  expect(formsOf({})).toEqual([...Array(5).fill("winograd4"), "kernel-rows"]);
});

test("layers that follow each other stand as rows, where that was measured to be faster", () => {
  expect(formsOf({ rowsInChains: true })).toEqual([...Array(5).fill("rows4"), "kernel-rows"]);
});

test("a layer that was not measured takes what was measured for the one most like it, and the plan says so", () => {
  const like = { "64>32 3x3 12x12": ["winograd2", 1, 2], "256>64 3x3 12x12": ["winograd4", 1, 2] } as const;
  const [layer] = planGraph(generator(), { ...measurements, layers: like }).plan.layers;
  expect(layer).toMatchObject({
    layer: "32>32 3x3 12x12",
    form: "winograd2",
    by: "64>32 3x3 12x12",
    measured: { milliseconds: 1, plain: 2 },
  });
});

test("a layer that no measured one is like stays as it is", () => {
  expect(formsOf({ layers: { "2048>512 3x3 64x64": ["winograd4", 1, 2] } })).toEqual(Array(6).fill("plain"));
});

test("a form that hardly paid is not taken", () => {
  expect(formsOf({ layers: { "32>32 3x3 12x12": ["winograd4", 0.97, 1] } })).toEqual(Array(6).fill("plain"));
});

test("a form that does not fit is not taken", () => {
  expect(formsOf({ layers: { "32>32 3x3 12x12": ["polyphase", 1, 2] } })).toEqual(Array(6).fill("plain"));
});

test("a graph of which nothing changes is the one that was given", () => {
  const graph = generator();
  expect(planGraph(graph, { ...measurements, layers: {} }).graph).toBe(graph);
});
