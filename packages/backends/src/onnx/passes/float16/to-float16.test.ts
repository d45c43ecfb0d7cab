import { expect, test } from "vitest";
import {
  batchNorm,
  conv,
  convSpecs,
  hourglass,
  hourglassChannels,
  hourglassSpecs,
  normSpecs,
  relu,
  resBlock,
  resSpecs,
  softmax,
} from "../../../layers/index.ts";
import { ortNode } from "../../../ort-node/index.ts";
import { noise } from "../../../testing/noise.ts";
import { proceduralWeights } from "../../../testing/procedural.ts";
import { encodeModel } from "../../encode-model.ts";
import type { Graph, HalfGraph } from "../../graph.ts";
import { GraphBuilder } from "../../graph-builder.ts";
import { toFloat16 } from "./to-float16.ts";

const config = { blockExpansion: 8, maxFeatures: 16, numBlocks: 2 };
const weights = proceduralWeights("generator", [
  ...hourglassSpecs("net", config, 3),
  ...convSpecs("head", 4, hourglassChannels(config, 3), 7),
  ...convSpecs("first", 3, 3, 3),
  ...resSpecs("res", 3),
]);

/** What the networks are made of: a residual block, an hourglass, a head and a softmax. */
function network(): Graph {
  const g = new GraphBuilder("network");
  const x = g.input("x", [1, 3, 16, 16]);
  const first = conv(g, x, weights, "first", { channels: 3, kernel: 3, padding: 1 });
  const block = resBlock(g, first, weights, "res");
  const features = hourglass(g, block, weights, "net", config);
  const scores = conv(g, features, weights, "head", { channels: 4, kernel: 7, padding: 3 });
  g.output(softmax(g, scores, 1), "masks");
  g.output(features, "features");
  return g.build();
}

async function run(graph: Graph | HalfGraph) {
  await using backend = await ortNode({ threads: 1, thread: "main" });
  await using session = await backend.load(encodeModel(graph));
  return session.run({ x: noise([1, 3, 16, 16]) });
}

/** In decibels, for a range of `peak`. */
function psnr(got: Float32Array, wanted: Float32Array, peak: number): number {
  const mean = got.reduce((sum, value, at) => sum + (value - wanted[at]!) ** 2, 0) / got.length;
  return 10 * Math.log10(peak ** 2 / mean);
}

test("half precision is near single precision, but not the same", async () => {
  const [half, single] = [await run(toFloat16(network())), await run(network())];
  for (const name of ["masks", "features"] as const) {
    const [got, wanted] = [half[name]!.data as Float32Array, single[name]!.data as Float32Array];
    const range = Math.max(...wanted) - Math.min(...wanted);
    expect(psnr(got, wanted, range)).toBeGreaterThan(45);
    expect(got).not.toEqual(wanted);
  }
});

test("convolutions compute in half precision, heads and what reads them in single", () => {
  const { nodes, initializers, inputs, outputs } = toFloat16(network());
  const types = new Map(initializers.map(({ name, type }) => [name, type]));
  const convolutions = nodes.filter(({ op }) => op === "Conv").map(({ inputs: [, weight] }) => types.get(weight!));
  expect(convolutions.filter((type) => type === "float16").length).toBe(7);
  expect(convolutions.at(-1)).toBe("float32"); // the head
  expect([...inputs, ...outputs].every(({ type }) => type === "float32")).toBe(true);
});

test("pictures are anti-aliased in single precision", () => {
  const g = new GraphBuilder("anti-alias");
  const x = g.input("x", [1, 3, 8, 8]);
  const kernel = g.floats(new Float32Array(3 * 9).fill(1 / 9), [3, 1, 3, 3]);
  const small = g.node("Conv", [x, kernel], [1, 3, 6, 6], { kernel_shape: [3, 3], group: 3 });
  g.output(relu(g, conv(g, small, weights, "first", { channels: 3, kernel: 3, padding: 1 })), "y");
  expect(toFloat16(g.build()).initializers.map(({ type }) => type)).toEqual(["float32", "float16", "float16"]);
});

test("what is too large for half precision becomes its largest number", () => {
  const g = new GraphBuilder("large");
  const x = g.input("x", [1, 1, 1, 1]);
  const y = g.node("Conv", [x, g.floats([1e6], [1, 1, 1, 1])], [1, 1, 1, 1]);
  g.output(relu(g, y), "y");
  const constant = toFloat16(g.build()).initializers.find(({ type }) => type === "float16");
  expect([...(constant!.data as Uint16Array)]).toEqual([0x7bff]);
});

test("a graph without convolutions stays as it is", () => {
  const g = new GraphBuilder("none");
  const x = g.input("x", [1, 4, 2, 2]);
  g.output(batchNorm(g, x, proceduralWeights("generator", normSpecs("n.norm", 4)), "n.norm"), "y");
  expect(toFloat16(g.build()).initializers.every(({ type }) => type === "float32")).toBe(true);
});
