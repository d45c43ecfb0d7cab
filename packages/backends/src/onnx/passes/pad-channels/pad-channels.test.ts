import fc from "fast-check";
import { expect, test } from "vitest";
import { reference } from "../../../reference/reference.ts";
import { compareTensors } from "../../../testing/compare-tensors.ts";
import { noise } from "../../../testing/noise.ts";
import { encodeModel } from "../../encode-model.ts";
import type { Graph } from "../../graph.ts";
import { GraphBuilder } from "../../graph-builder.ts";
import { padChannels } from "./pad-channels.ts";

/** Two convolutions of one input, of which the first has `channels` in. */
function network(channels: number, outputs: number, kernel: number, group = 1): Graph {
  const g = new GraphBuilder("network");
  const x = g.input("x", [1, channels, 5, 4]);
  const pad = (kernel - 1) / 2;
  const attributes = { kernel_shape: [kernel, kernel], pads: [pad, pad, pad, pad], ...(group > 1 && { group }) };
  const conv = () => {
    const weight = g.constant(noise([outputs, channels / group, kernel, kernel]), "weight");
    return g.node("Conv", [x, weight, g.constant(noise([outputs]), "bias")], [1, outputs, 5, 4], attributes);
  };
  g.output(g.node("Add", [conv(), conv()], [1, outputs, 5, 4]), "y");
  return g.build();
}

async function run(graph: Graph) {
  await using backend = await reference();
  await using session = await backend.load(encodeModel(graph));
  return (await session.run({ x: noise(graph.inputs[0]!.dims) })).y!;
}

const inputsOf = (graph: Graph) =>
  graph.nodes
    .filter(({ op }) => op === "Conv")
    .map(({ inputs }) => graph.initializers.find(({ name }) => name === inputs[1])!.dims[1]);

test("the output is the same", async () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 1, max: 5 }), fc.constantFrom(1, 3));
  await fc.assert(
    fc.asyncProperty(sizes, async ([channels, outputs, kernel]) => {
      const graph = network(channels, outputs, kernel);
      expect(compareTensors(await run(padChannels(graph)), await run(graph)).maxAbsError).toBe(0);
    }),
    { numRuns: 40 },
  );
});

test.each([
  [3, 3],
  [4, 4],
  [6, 8],
  [9, 12],
  [10, 10],
  [12, 12],
  [15, 16],
  [30, 32],
])("of %i channels it makes %i", (channels, padded) => {
  expect(inputsOf(padChannels(network(channels, 4, 3)))).toEqual([padded, padded]);
});

test("an input that several convolutions read is padded once", () => {
  expect(padChannels(network(6, 4, 3)).nodes.filter(({ op }) => op === "Concat").length).toBe(1);
});

test("convolutions in groups are left alone", () => {
  const graph = network(6, 6, 3, 3);
  expect(padChannels(graph)).toEqual(graph);
});
