import fc from "fast-check";
import { expect, test } from "vitest";
import { type Tensor, tensor, zeros } from "../contract/tensor.ts";
import { encodeModel } from "../onnx/encode-model.ts";
import type { Graph } from "../onnx/graph.ts";
import { GraphBuilder, type Value } from "../onnx/graph-builder.ts";
import { reference } from "../reference/reference.ts";
import { noise } from "../testing/noise.ts";
import type { GpuKernel } from "./kernel.ts";
import { type GraphStep, type KernelStep, partition } from "./partition.ts";

const stub = (op: string): GpuKernel => ({ op, plan: () => ({ passes: [] }), cases: () => [] });
const names = (steps: readonly (GraphStep | KernelStep)[]) =>
  steps.map((step) => ("kernel" in step ? step.kernel.op : step.graph.nodes.map(({ op }) => op).join("+")));

test("a graph without places for kernels stays whole", () => {
  const g = new GraphBuilder("whole");
  const x = g.input("x", [2]);
  g.output(g.node("Relu", [x], [2]), "y");
  const graph = g.build();
  expect(partition(graph, [stub("Conv")])).toEqual({
    steps: [{ graph }],
    sources: new Map([["y", "y"]]),
    constants: [],
  });
});

test("a graph is cut around a kernel, and what skips it is handed on", () => {
  const g = new GraphBuilder("skip");
  const x = g.input("x", [2]);
  const before = g.node("Relu", [x], [2]);
  const middle = g.node("Neg", [before], [2]);
  g.output(g.node("Add", [middle, before], [2]), "y");
  const { steps, sources } = partition(g.build(), [stub("Neg")]);
  expect(names(steps)).toEqual(["Relu", "Neg", "Add"]);
  const [first, kernel, last] = steps as [GraphStep, KernelStep, GraphStep];
  expect(first.graph.outputs).toEqual([{ name: "relu", type: "float32", dims: [2] }]);
  expect([kernel.inputs, kernel.outputs.map(({ name }) => name)]).toEqual([["relu"], ["neg"]]);
  expect(last.graph.inputs.map(({ name }) => name)).toEqual(["neg", "relu"]);
  expect(sources).toEqual(new Map([["y", "add"]]));
});

test("a piece is one step; its attributes and left-out inputs reach the kernel", () => {
  const g = new GraphBuilder("piece");
  const x = g.input("x", [2]);
  const [y] = g.piece("twice", [x, undefined], () => [g.node("Add", [g.node("Relu", [x], [2]), x], [2])], { n: 3 });
  g.output(y, "y");
  const seen: unknown[] = [];
  const kernel: GpuKernel = {
    ...stub("twice"),
    plan(site) {
      seen.push(site);
      return { passes: [] };
    },
  };
  expect(names(partition(g.build(), [kernel]).steps)).toEqual(["twice"]);
  expect(seen).toEqual([{ inputs: [{ dims: [2] }, undefined], outputs: [{ dims: [2] }], attributes: { n: 3 } }]);
});

test("a case that a kernel does not do is left to the runtime", () => {
  const g = new GraphBuilder("refused");
  const x = g.input("x", [2]);
  g.output(g.node("Neg", [x], [2]), "y");
  const graph = g.build();
  expect(partition(graph, [{ ...stub("Neg"), plan: () => undefined }]).steps).toEqual([{ graph }]);
});

test("constants that kernels read are named", () => {
  const g = new GraphBuilder("constants");
  const x = g.input("x", [2]);
  g.output(g.node("Add", [x, g.constant(zeros([2]), "zero")], [2]), "y");
  const { constants, steps } = partition(g.build(), [stub("Add")]);
  expect(constants.map(({ name }) => name)).toEqual(["zero"]);
  expect(names(steps)).toEqual(["Add"]);
});

test.each<[string, (graph: Graph) => Graph]>([
  ["names a node that is not there", (graph) => withPiece(graph, { nodes: ["relu", "absent"] })],
  ["leaves an input out", (graph) => withPiece(graph, { inputs: [] })],
  ["gives what it does not make", (graph) => withPiece(graph, { outputs: ["x"] })],
  ["hides what others use", (graph) => withPiece(graph, { outputs: ["add"] })],
  ["reads what comes later", (graph) => withPiece(graph, { inputs: ["x", "neg"] })],
])("a piece that %s is passed over", (_, change) => {
  const g = new GraphBuilder("liar");
  const x = g.input("x", [2]);
  g.piece("piece", [x], () => {
    const relu = g.node("Relu", [x], [2]);
    const sum = g.node("Add", [relu, x], [2]);
    g.output(g.node("Neg", [g.node("Mul", [relu, sum], [2])], [2]), "y");
    return [relu, sum];
  });
  const honest = g.build();
  const only = { ...honest, pieces: [{ ...honest.pieces![0]!, nodes: ["relu", "add"] }] };
  expect(names(partition(only, [stub("piece")]).steps)).toEqual(["piece", "Mul+Neg"]);
  expect(names(partition(change(only), [stub("piece")]).steps)).not.toContain("piece");
});

function withPiece(graph: Graph, change: object): Graph {
  return { ...graph, pieces: [{ ...graph.pieces![0]!, ...change }] };
}

/** Runs a partition on the reference, kernels included: each as the node it stands for. All values are [4]. */
async function runSteps(graph: Graph, kernels: readonly GpuKernel[], feed: Tensor): Promise<Tensor[]> {
  await using backend = await reference();
  const values = new Map<string, Tensor>(graph.inputs.map(({ name }) => [name, feed]));
  for (const { name, data } of graph.initializers) values.set(name, tensor("float32", data as Float32Array, [4]));
  const { steps, sources } = partition(graph, kernels);
  for (const step of steps) {
    const part = "graph" in step ? step.graph : asGraph(step, graph);
    await using session = await backend.load(encodeModel(part));
    const feeds = Object.fromEntries(part.inputs.map(({ name }) => [name, values.get(name)!]));
    for (const [name, value] of Object.entries(await session.run(feeds))) values.set(name, value);
  }
  return graph.outputs.map(({ name }) => values.get(sources.get(name)!)!);
}

function asGraph({ inputs, outputs }: KernelStep, graph: Graph): Graph {
  const node = graph.nodes.find((candidate) => candidate.outputs[0] === outputs[0]!.name)!;
  return {
    name: "kernel",
    nodes: [{ ...node, inputs }],
    initializers: [],
    inputs: [...new Set(inputs)].map((name) => ({ name, type: "float32", dims: [4] })),
    outputs,
  };
}

test("whatever the graph, its steps give what it gives", async () => {
  const ops = ["Relu", "Neg", "Abs", "Add", "Mul", "Identity"] as const;
  const node = fc.tuple(fc.constantFrom(...ops), fc.nat(), fc.nat());
  const graphs = fc.array(node, { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(graphs, fc.subarray(ops.slice(0, 5)), async (list, chosen) => {
      const g = new GraphBuilder("random");
      const values: Value[] = [g.input("x", [4]), g.floats([1, -2, 0.5, 3])];
      for (const [op, a, b] of list) {
        const pick = (at: number) => values[at % values.length]!;
        values.push(g.node(op, op === "Add" || op === "Mul" ? [pick(a), pick(b)] : [pick(a)], [4]));
      }
      g.output(values.at(-1)!, "last");
      g.output(values[Math.floor(values.length / 2)]!, "middle");
      const graph = g.build();
      const feed = noise([4]);
      await using backend = await reference();
      await using session = await backend.load(encodeModel(graph));
      const wanted = await session.run({ x: feed });
      const got = await runSteps(graph, chosen.map(stub), feed);
      expect(got.map(({ data }) => data)).toEqual(graph.outputs.map(({ name }) => wanted[name]!.data));
    }),
    { numRuns: 150 },
  );
});
