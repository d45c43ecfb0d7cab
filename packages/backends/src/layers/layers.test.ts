import { describe, expect, test } from "vitest";
import type { Backend, Weights } from "../contract/backend.ts";
import { tensor } from "../contract/tensor.ts";
import type { GraphBuilder, Value } from "../onnx/graph-builder.ts";
import { ortNode } from "../ort-node/ort-node.ts";
import { reference } from "../reference/reference.ts";
import { compareTensors } from "../testing/compare-tensors.ts";
import { noise } from "../testing/noise.ts";
import { runPiece } from "../testing/run-piece.ts";
import {
  directConv,
  directDecoder,
  directDown,
  directGroupedConv,
  directHourglass,
  directNorm,
  directRes,
  directSame,
  directUp,
  type Maps,
} from "./direct-layers.ts";
import {
  batchNorm,
  blockSpecs,
  conv,
  convSpecs,
  decoder,
  decoderSpecs,
  downBlock,
  hourglass,
  hourglassChannels,
  hourglassSpecs,
  normSpecs,
  relu,
  resBlock,
  resSpecs,
  sameBlock,
  scale,
  softmax,
  type TensorSpec,
  upBlock,
} from "./index.ts";

const backends: readonly (readonly [string, () => Promise<Backend>])[] = [
  ["ort-node", () => ortNode({ threads: 1, thread: "main" })],
  ["reference", () => reference()],
];

/** Different numbers in every tensor; variances above zero. */
function weightsOf(specs: readonly TensorSpec[]): Weights {
  return new Map(
    specs.map(({ name, dims }, i) => [name, noise(dims, i + 1, name.endsWith("running_var") ? [0.5, 1.5] : [-1, 1])]),
  );
}

interface Case {
  readonly what: string;
  readonly x: Maps;
  readonly specs: readonly TensorSpec[];
  readonly piece: (g: GraphBuilder, x: Value, weights: Weights) => Value;
  readonly direct: (x: Maps, weights: Weights) => Maps;
}

const hourglassConfig = { blockExpansion: 2, maxFeatures: 5, numBlocks: 3 }; // widths 2, 4, 5, 5

const cases: Case[] = [
  {
    what: "a convolution without padding",
    x: noise([1, 3, 9, 8]),
    specs: convSpecs("head", 2, 3, 7),
    piece: (g, x, weights) => conv(g, x, weights, "head", { channels: 2, kernel: 7 }),
    direct: (x, weights) => directConv(x, weights, "head", 0),
  },
  {
    what: "a convolution with padding",
    x: noise([1, 2, 4, 5]),
    specs: convSpecs("head", 3, 2, 3),
    piece: (g, x, weights) => conv(g, x, weights, "head", { channels: 3, kernel: 3, padding: 2 }),
    direct: (x, weights) => directConv(x, weights, "head", 2),
  },
  {
    what: "a convolution in groups",
    x: noise([1, 4, 5, 5]),
    specs: convSpecs("head", 6, 2, 1), // 2 groups of 2 channels, 3 outputs each
    piece: (g, x, weights) => conv(g, x, weights, "head", { channels: 6, kernel: 1, groups: 2 }),
    direct: (x, weights) => directGroupedConv(x, weights, "head", 2),
  },
  {
    what: "a batch norm",
    x: noise([1, 4, 3, 5]),
    specs: normSpecs("norm", 4),
    piece: (g, x, weights) => batchNorm(g, x, weights, "norm"),
    direct: (x, weights) => directNorm(x, weights, "norm"),
  },
  {
    what: "a same block",
    x: noise([1, 3, 6, 7]),
    specs: blockSpecs("first", 4, 3, 7),
    piece: (g, x, weights) => sameBlock(g, x, weights, "first", { channels: 4, kernel: 7, padding: 3 }),
    direct: (x, weights) => directSame(x, weights, "first", 3),
  },
  {
    what: "a down block, which drops an odd row and column",
    x: noise([1, 2, 7, 9]),
    specs: blockSpecs("down", 3, 2),
    piece: (g, x, weights) => downBlock(g, x, weights, "down", 3),
    direct: (x, weights) => directDown(x, weights, "down"),
  },
  {
    what: "an up block",
    x: noise([1, 3, 3, 5]),
    specs: blockSpecs("up", 2, 3),
    piece: (g, x, weights) => upBlock(g, x, weights, "up", 2),
    direct: (x, weights) => directUp(x, weights, "up"),
  },
  {
    what: "a residual block",
    x: noise([1, 3, 5, 4]),
    specs: resSpecs("r0", 3),
    piece: (g, x, weights) => resBlock(g, x, weights, "r0"),
    direct: (x, weights) => directRes(x, weights, "r0"),
  },
  {
    what: "an hourglass",
    x: noise([1, 3, 8, 16]),
    specs: hourglassSpecs("net", hourglassConfig, 3),
    piece: (g, x, weights) => hourglass(g, x, weights, "net", hourglassConfig),
    direct: (x, weights) => directHourglass(x, weights, "net", 3),
  },
];

describe.each(backends)("on %s", (_, open) => {
  test.each(cases)("$what is what plain loops compute", async ({ x, specs, piece, direct }) => {
    await using backend = await open();
    const weights = weightsOf(specs);
    const got = await runPiece(backend, (g, inputs) => piece(g, inputs.x, weights), { x });
    expect(compareTensors(got, direct(x, weights)).maxAbsError).toBeLessThan(1e-4);
  });

  test("the output of an hourglass ends with its input", async () => {
    await using backend = await open();
    const x = noise([1, 3, 8, 8]);
    const weights = weightsOf(hourglassSpecs("net", hourglassConfig, 3));
    const got = await runPiece(backend, (g, inputs) => hourglass(g, inputs.x, weights, "net", hourglassConfig), { x });
    expect(got.dims).toEqual([1, hourglassChannels(hourglassConfig, 3), 8, 8]);
    expect([...got.data.subarray(-3 * 64)]).toEqual([...x.data]);
  });

  test("a decoder joins levels of any width, also at the bottom", async () => {
    await using backend = await open();
    const widths = [5, 6, 3, 7]; // wider than an encoder would make them
    const weights = weightsOf(decoderSpecs("up", hourglassConfig, widths));
    const feeds = Object.fromEntries(widths.map((width, i) => [`level${i}`, noise([1, width, 8 >> i, 16 >> i], i)]));
    const piece = (g: GraphBuilder, inputs: Record<string, Value>) =>
      decoder(g, Object.values(inputs), weights, "up", hourglassConfig);
    const got = await runPiece(backend, piece, feeds);
    expect(got.dims).toEqual([1, 2 + 5, 8, 16]);
    const wanted = directDecoder(Object.values(feeds) as Maps[], weights, "up");
    expect(compareTensors(got, wanted).maxAbsError).toBeLessThan(1e-4);
  });

  test("a softmax along an axis gives shares that sum to one there", async () => {
    await using backend = await open();
    const x = tensor("float32", Float32Array.of(0, 0, Math.log(3), 0), [1, 2, 1, 2]);
    const got = await runPiece(backend, (g, inputs) => softmax(g, inputs.x, 1), { x });
    for (const [i, share] of [0.25, 0.5, 0.75, 0.5].entries()) expect(got.data[i]).toBeCloseTo(share, 6);
  });

  test("scale multiplies, relu cuts below zero", async () => {
    await using backend = await open();
    const x = tensor("float32", Float32Array.of(-2, 3), [2]);
    expect([...(await runPiece(backend, (g, inputs) => scale(g, inputs.x, -2), { x })).data]).toEqual([4, -6]);
    expect([...(await runPiece(backend, (g, inputs) => relu(g, inputs.x), { x })).data]).toEqual([0, 3]);
  });
});
