import fc from "fast-check";
import { expect, test } from "vitest";
import { batchNorm, conv, convSpecs, normSpecs, relu } from "../../../layers/index.ts";
import { reference } from "../../../reference/reference.ts";
import { compareTensors } from "../../../testing/compare-tensors.ts";
import { noise } from "../../../testing/noise.ts";
import { proceduralWeights } from "../../../testing/procedural.ts";
import { encodeModel } from "../../encode-model.ts";
import type { Graph } from "../../graph.ts";
import { GraphBuilder, type Value } from "../../graph-builder.ts";
import { foldBatchNorm } from "./fold-batch-norm.ts";

const size = 5;
const weights = proceduralWeights("generator", [
  ...["a", "b"].flatMap((name) => convSpecs(name, 4, 4, 3)),
  ...["m", "n"].flatMap((name) => normSpecs(`${name}.norm`, 4)),
]);

type Layer = "conv a" | "conv b" | "norm m" | "norm n" | "relu" | "skip";

/** Layers in a row; a skip adds what came three values before. */
function network(layers: readonly Layer[]): Graph {
  const g = new GraphBuilder("network");
  const values: Value[] = [g.input("x", [1, 4, size, size])];
  for (const layer of layers) {
    const x = values.at(-1)!;
    const [kind, name] = layer.split(" ") as [string, string];
    const options = { channels: 4, kernel: 3, padding: 1 };
    if (kind === "conv") values.push(conv(g, x, weights, name, options));
    else if (kind === "norm") values.push(batchNorm(g, x, weights, `${name}.norm`));
    else if (kind === "relu") values.push(relu(g, x));
    else values.push(g.node("Add", [x, values.at(-4) ?? values[0]!], x.dims));
  }
  g.output(values.at(-1)!, "y");
  return g.build();
}

async function run(graph: Graph) {
  await using backend = await reference();
  await using session = await backend.load(encodeModel(graph));
  return (await session.run({ x: noise([1, 4, size, size]) })).y!;
}

const layer = fc.constantFrom<Layer>("conv a", "conv b", "norm m", "norm n", "relu", "skip");

test("the output is the same, up to rounding, and no normalisation is left", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(layer, { minLength: 1, maxLength: 7 }), async (layers) => {
      const graph = network(layers);
      const folded = foldBatchNorm(graph);
      expect(folded.nodes.some(({ op }) => op === "BatchNormalization")).toBe(false);
      const wanted = await run(graph);
      const scale = Math.max(1, ...(wanted.data as Float32Array).map(Math.abs));
      expect(compareTensors(await run(folded), wanted).maxAbsError / scale).toBeLessThan(1e-5);
    }),
    { numRuns: 60 },
  );
});

test("a convolution takes the normalisation in when nothing else reads it", () => {
  expect(foldBatchNorm(network(["conv a", "norm m", "relu"])).nodes.map(({ op }) => op)).toEqual([
    "Conv",
    "Relu",
    "Identity",
  ]);
});

test("before a convolution, and where others read on, it becomes a product and a sum", () => {
  expect(foldBatchNorm(network(["norm m", "relu", "conv a"])).nodes.map(({ op }) => op)).toEqual([
    "Mul",
    "Add",
    "Relu",
    "Conv",
    "Identity",
  ]);
});

test("the graph that is given is left as it was", () => {
  const graph = network(["conv a", "norm m"]);
  const before = structuredClone(graph);
  foldBatchNorm(graph);
  expect(graph).toEqual(before);
});
