import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import * as ort from "onnxruntime-node";
import { expect, test } from "vitest";
import type { Values } from "../../../contract/backend.ts";
import type { Tensor } from "../../../contract/tensor.ts";
import { blockSpecs, conv, convSpecs, downBlock, relu, resBlock, resSpecs, upBlock } from "../../../layers/index.ts";
import { ortNode } from "../../../ort-node/index.ts";
import { noise } from "../../../testing/noise.ts";
import { proceduralWeights } from "../../../testing/procedural.ts";
import { encodeModel } from "../../encode-model.ts";
import type { Graph } from "../../graph.ts";
import { GraphBuilder, type Value } from "../../graph-builder.ts";
import { quantize, quantizedLayers, valuesToMeasure } from "./quantize.ts";
import type { ValueRange } from "./value-range.ts";

async function run(graph: Graph, feeds: Values): Promise<Values> {
  await using backend = await ortNode({ threads: 1, thread: "main" });
  await using session = await backend.load(encodeModel(graph));
  return session.run(feeds);
}

/** The ranges of all values that are asked for, on one input. */
async function rangesOf(graph: Graph, feeds: Values): Promise<Map<string, ValueRange>> {
  const keys = valuesToMeasure(graph);
  const outputs = (graph.values ?? []).filter(({ name }) => keys.has(name));
  const given = { ...feeds, ...(await run({ ...graph, outputs }, feeds)) };
  return new Map(
    [...keys].map(([name, key]) => {
      const data = given[name]!.data as Float32Array;
      return [key, [Math.min(...data), Math.max(...data)]];
    }),
  );
}

interface OneLayer {
  readonly doubled: boolean;
  readonly channels: number;
  readonly inputs: number;
  readonly kernel: number;
  readonly rectified: boolean;
  readonly seed: number;
}

const oneLayer = fc
  .record({
    doubled: fc.boolean(),
    channels: fc.constantFrom(1, 3, 5, 16),
    inputs: fc.constantFrom(1, 3, 8),
    kernel: fc.constantFrom(1, 3, 5, 7),
    rectified: fc.boolean(),
    seed: fc.nat(1000),
  })
  .map((layer) => (layer.doubled ? { ...layer, kernel: 3 } : layer));

test("a layer is off by no more than half a step of its input, weights and output allow", async () => {
  await fc.assert(
    fc.asyncProperty(oneLayer, async ({ doubled, channels, inputs, kernel, rectified, seed }: OneLayer) => {
      const g = new GraphBuilder("layer");
      const x = g.input("x", [1, inputs, 8, 8]);
      const weight = noise([channels, inputs, kernel, kernel], seed);
      const bias = noise([channels], seed + 1);
      const large: Value = doubled
        ? g.node("Resize", [x, undefined, g.floats([1, 1, 2, 2])], [1, inputs, 16, 16], {
            mode: "nearest",
            coordinate_transformation_mode: "asymmetric",
            nearest_mode: "floor",
          })
        : x;
      const weights = new Map<string, Tensor<"float32">>([
        ["one.weight", weight],
        ["one.bias", bias],
      ]);
      const y = conv(g, large, weights, "one", { channels, kernel, padding: (kernel - 1) / 2 });
      g.output(rectified ? relu(g, y) : y, "y");
      const graph = g.build();
      const feeds = { x: noise([1, inputs, 8, 8], seed + 2) };
      const ranges = await rangesOf(graph, feeds);
      const wanted = (await run(graph, feeds)).y!.data as Float32Array;
      const got = (await run(quantize(graph, { ranges }), feeds)).y!.data as Float32Array;

      const step = ([least, greatest]: ValueRange) => (Math.max(greatest, 0) - Math.min(least, 0)) / 255;
      const largest = Math.max(...(feeds.x.data as Float32Array).map(Math.abs));
      const heaviest = Math.max(...(weight.data as Float32Array).map(Math.abs)) * (doubled ? 4 : 1);
      const products = inputs * kernel ** 2;
      const inputError = 0.5 * step(ranges.get("x")!) * products * heaviest;
      const weightError = ((0.5 * heaviest) / 127) * products * largest;
      const outputError = 0.5 * step(ranges.get(rectified ? "Relu:one" : "one")!);
      // Zero points are whole numbers, so a range may be cut by half a step.
      const bound = inputError + weightError + 2 * outputError + 1e-3;
      const error = Math.max(...wanted.map((value, i) => Math.abs(value - got[i]!)));
      expect(error).toBeLessThanOrEqual(bound);
      // Nor is it off by chance: a layer whose pixels were misplaced would be.
      const power = wanted.reduce((sum, value) => sum + value ** 2, 0);
      const noisePower = wanted.reduce((sum, value, i) => sum + (value - got[i]!) ** 2, 0);
      expect(noisePower).toBeLessThan(0.01 * power + 1e-6);
    }),
    { numRuns: 60 },
  );
}, 60_000);

const channels = 16;
const weights = proceduralWeights("generator", [
  ...blockSpecs("down", channels, 8),
  ...resSpecs("r0", channels),
  ...resSpecs("r1", channels),
  ...blockSpecs("up", 8, channels),
  ...convSpecs("final", 3, 8, 7),
]);

/** What decoders are made of. */
function network(): Graph {
  const g = new GraphBuilder("network");
  const x = g.input("x", [1, 8, 16, 16]);
  let y = downBlock(g, x, weights, "down", channels);
  y = resBlock(g, resBlock(g, y, weights, "r0"), weights, "r1");
  y = upBlock(g, y, weights, "up", 8);
  g.output(conv(g, y, weights, "final", { channels: 3, kernel: 7, padding: 3 }), "colours");
  return g.build();
}
const feeds = { x: noise([1, 8, 16, 16]) };
const layers = ["down.conv", "r0.conv1", "r0.conv2", "r1.conv1", "r1.conv2", "up.conv", "final"];

test("bytes stay bytes from the first layer to the last", async () => {
  const graph = network();
  const quantized = quantize(graph, { ranges: await rangesOf(graph, feeds) });
  const bytes = new Set(quantized.values!.filter(({ type }) => type === "uint8").map(({ name }) => name));
  const makers = new Map(quantized.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const quantizing = quantized.nodes.filter(({ op }) => op === "QuantizeLinear");
  // Every one but the input's stands behind an operator that a runtime fuses it with.
  const behind = quantizing.map(({ inputs }) => makers.get(inputs[0]!)?.op ?? "input").sort();
  expect(behind).toEqual([...Array(2).fill("Add"), "AveragePool", ...Array(9).fill("Conv"), "input"]);
  expect(quantized.nodes.some(({ op }) => op === "Relu" || op === "Resize" || op === "BatchNormalization")).toBe(false);
  expect(bytes.size).toBeGreaterThan(quantizing.length - 1);
});

test("the whole is near the exact one, and the graph that is given is left as it was", async () => {
  const graph = network();
  const before = structuredClone(graph);
  const quantized = quantize(graph, { ranges: await rangesOf(graph, feeds) });
  expect(graph).toEqual(before);
  const wanted = (await run(graph, feeds)).colours!.data as Float32Array;
  const got = (await run(quantized, feeds)).colours!.data as Float32Array;
  const error = wanted.reduce((sum, value, i) => sum + (value - got[i]!) ** 2, 0) / wanted.length;
  const peak = Math.max(...wanted) - Math.min(...wanted);
  expect(10 * Math.log10(peak ** 2 / error)).toBeGreaterThan(30);
  expect(got).not.toEqual(wanted);
});

test("onnxruntime computes all of it in integers", async () => {
  const graph = network();
  const model = encodeModel(quantize(graph, { ranges: await rangesOf(graph, feeds) }));
  const folder = await mkdtemp(join(tmpdir(), "bunraku-qdq-"));
  try {
    const path = join(folder, "optimised.onnx");
    const session = await ort.InferenceSession.create(model, {
      graphOptimizationLevel: "extended",
      optimizedModelFilePath: path,
      logSeverityLevel: 3,
    });
    await session.release();
    // The names of operators stand in the file as they are.
    const text = (await readFile(path)).toString("latin1");
    expect(text.match(/QLinearConv/g)!.length).toBeGreaterThanOrEqual(9);
    expect(text).toContain("QLinearAdd");
    expect(text).toContain("QLinearAveragePool");
    expect(text.includes('"\u0004Conv')).toBe(false); // a float one: its name behind its length
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("layers that are kept, and those whose ranges are unknown, compute in floats", async () => {
  const graph = network();
  const ranges = await rangesOf(graph, feeds);
  expect(quantizedLayers(graph, { ranges })).toEqual(layers);
  const keep = new Set(["final", "r0.conv1"]);
  expect(quantizedLayers(graph, { ranges, keep })).toEqual(layers.filter((layer) => !keep.has(layer)));
  const partly = quantize(graph, { ranges, keep });
  const floats = partly.initializers.filter(({ type, dims }) => type === "float32" && dims.length === 4);
  expect(floats.map(({ dims }) => dims)).toEqual([
    [3, 8, 7, 7],
    [channels, channels, 3, 3],
  ]);
  const wanted = (await run(graph, feeds)).colours!.data as Float32Array;
  const got = (await run(partly, feeds)).colours!.data as Float32Array;
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - got[i]!)));
  expect(worst).toBeLessThan(0.1 * (Math.max(...wanted) - Math.min(...wanted)));
  expect(quantizedLayers(graph, { ranges: new Map() })).toEqual([]);
});

test("a graph without convolutions stays as it is", () => {
  const g = new GraphBuilder("none");
  const x = g.input("x", [1, 2, 2, 2]);
  g.output(relu(g, x), "y");
  const graph = g.build();
  expect(quantize(graph, { ranges: new Map([["x", [0, 1]]]) }).nodes).toEqual(graph.nodes);
});

test("a picture that is enlarged otherwise than by two is not taken for a doubled one", async () => {
  const g = new GraphBuilder("tripled");
  const x = g.input("x", [1, 3, 4, 4]);
  const large = g.node("Resize", [x, undefined, g.floats([1, 1, 3, 3])], [1, 3, 12, 12], {
    mode: "nearest",
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  });
  const weights = new Map<string, Tensor<"float32">>([
    ["one.weight", noise([5, 3, 3, 3], 1)],
    ["one.bias", noise([5], 2)],
  ]);
  g.output(conv(g, large, weights, "one", { channels: 5, kernel: 3, padding: 1 }), "y");
  const graph = g.build();
  const feeds = { x: noise([1, 3, 4, 4], 3) };
  const ranges = await rangesOf(graph, feeds);
  const wanted = (await run(graph, feeds)).y!.data as Float32Array;
  const got = (await run(quantize(graph, { ranges }), feeds)).y!.data as Float32Array;
  expect(got.length).toBe(wanted.length);
  const largest = Math.max(...wanted.map(Math.abs));
  for (const [i, value] of got.entries()) expect(Math.abs(value - wanted[i]!)).toBeLessThan(0.05 * largest);
});
