import fc from "fast-check";
import { expect, test } from "vitest";
import { reference } from "../../../reference/reference.ts";
import { compareTensors } from "../../../testing/compare-tensors.ts";
import { noise } from "../../../testing/noise.ts";
import { encodeModel } from "../../encode-model.ts";
import type { Graph } from "../../graph.ts";
import { GraphBuilder } from "../../graph-builder.ts";
import { ungroup } from "./ungroup.ts";

/** A convolution in groups of so many inputs and outputs each. */
function network(groups: number, inputs: number, outputs: number, kernel = 1): Graph {
  const g = new GraphBuilder("network");
  const x = g.input("x", [1, groups * inputs, 3, 4]);
  const pad = (kernel - 1) / 2;
  const weight = g.constant(noise([groups * outputs, inputs, kernel, kernel]), "weight");
  const attributes = { kernel_shape: [kernel, kernel], pads: [pad, pad, pad, pad], group: groups };
  const bias = g.constant(noise([groups * outputs]), "bias");
  g.output(g.node("Conv", [x, weight, bias], [1, groups * outputs, 3, 4], attributes), "y");
  return g.build();
}

async function run(graph: Graph) {
  await using backend = await reference();
  await using session = await backend.load(encodeModel(graph));
  return (await session.run({ x: noise(graph.inputs[0]!.dims) })).y!;
}

test("the output is the same", async () => {
  const sizes = fc.tuple(
    fc.integer({ min: 2, max: 5 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 10 }),
  );
  await fc.assert(
    fc.asyncProperty(sizes, fc.constantFrom(1, 3), async ([groups, inputs, outputs], kernel) => {
      const graph = network(groups, inputs, outputs, kernel);
      expect(compareTensors(await run(ungroup(graph)), await run(graph)).maxAbsError).toBeLessThan(1e-6);
    }),
    { numRuns: 60 },
  );
});

test.each([
  [2, 6, undefined],
  [4, 5, undefined],
  [4, 7, undefined],
  [3, 6, 3], // 18 outputs in all
  [2, 4, 2],
  [2, 8, 2],
  [8, 1, 8],
])("%i groups of %i outputs are %s then", (groups, outputs, left) => {
  const conv = ungroup(network(groups, 2, outputs)).nodes.find(({ op }) => op === "Conv");
  expect(conv!.attributes.group).toBe(left);
});
