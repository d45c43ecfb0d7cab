import { expect, test } from "vitest";
import { tensor } from "../contract/tensor.ts";
import { encodeModel } from "../onnx/encode-model.ts";
import type { Graph, GraphNode } from "../onnx/graph.ts";
import { floats } from "./against-ort.ts";
import type { Operator } from "./operator.ts";
import { reference } from "./reference.ts";

const node = (op: string, inputs: string[], outputs: string[]): GraphNode => {
  return { op, name: `${op} node`, inputs, outputs, attributes: {} };
};

const graph = (nodes: GraphNode[], outputs = ["y"], dims = [2]): Graph => ({
  name: "tested",
  nodes,
  initializers: [{ name: "c", type: "float32", dims: [2], data: Float32Array.of(10, 20) }],
  inputs: [{ name: "x", type: "float32", dims: [2] }],
  outputs: outputs.map((name) => ({ name, type: "float32", dims })),
});

const twice: Operator = {
  op: "Twice",
  run: ([value]) => [
    tensor(
      "float32",
      (value!.data as Float32Array).map((x) => 2 * x),
      value!.dims,
    ),
  ],
};

test("a missing operator is one error at load, which names the operator, the node and the way out", async () => {
  const backend = await reference();
  await expect(backend.load(encodeModel(graph([node("Twice", ["x"], ["y"])])))).rejects.toThrow(
    'reference: operator Twice of node "Twice node" is not known; hand it in: reference({ operators: [...] }).',
  );
});

test("an operator that is handed in runs", async () => {
  const backend = await reference({ operators: [twice] });
  const session = await backend.load(encodeModel(graph([node("Twice", ["x"], ["y"])])));
  expect([...(await session.run({ x: floats(1, 2) })).y!.data]).toEqual([2, 4]);
});

test("an operator that is handed in takes the place of a known one", async () => {
  const backend = await reference({ operators: [{ ...twice, op: "Neg" }] });
  const session = await backend.load(encodeModel(graph([node("Neg", ["x"], ["y"])])));
  expect([...(await session.run({ x: floats(1, 2) })).y!.data]).toEqual([2, 4]);
});

test("only the nodes that the asked outputs need are run", async () => {
  const ran: string[] = [];
  const spy = (op: string): Operator => ({
    op,
    run: ([value]) => {
      ran.push(op);
      return [value!];
    },
  });
  const backend = await reference({ operators: [spy("A"), spy("B"), spy("C")] });
  const nodes = [node("A", ["x"], ["a"]), node("B", ["a"], ["b"]), node("C", ["a"], ["c2"])];
  const session = await backend.load(encodeModel(graph(nodes, ["b", "c2"])));
  expect(Object.keys(await session.run({ x: floats(1, 2) }, { outputs: ["c2"] }))).toEqual(["c2"]);
  expect(ran).toEqual(["A", "C"]);
});

test("outputs that are a feed, a constant or each other have memory of their own", async () => {
  const nodes = [node("Identity", ["x"], ["a"]), node("Identity", ["a"], ["b"]), node("Identity", ["c"], ["d"])];
  const session = await (await reference()).load(encodeModel(graph(nodes, ["a", "b", "d"])));
  const x = floats(1, 2);
  const first = await session.run({ x });
  for (const value of Object.values(first)) (value.data as Float32Array).fill(0);
  expect([...x.data]).toEqual([1, 2]);
  expect([...(await session.run({ x })).d!.data]).toEqual([10, 20]);
});

test("a value that is read before it is there is refused at load", async () => {
  const nodes = [node("Neg", ["later"], ["y"]), node("Neg", ["x"], ["later"])];
  await expect((await reference()).load(encodeModel(graph(nodes)))).rejects.toThrow('reads "later" before it is there');
});

test("a name that is defined twice is refused at load", async () => {
  const nodes = [node("Neg", ["x"], ["y"]), node("Neg", ["x"], ["y"])];
  await expect((await reference()).load(encodeModel(graph(nodes)))).rejects.toThrow('"y" is defined twice');
});

test("an output that nothing yields is refused at load", async () => {
  await expect((await reference()).load(encodeModel(graph([])))).rejects.toThrow('nothing yields output "y"');
});

test("an output that is not what the graph declares is an error that names it", async () => {
  const session = await (await reference()).load(encodeModel(graph([node("Neg", ["x"], ["y"])], ["y"], [3])));
  await expect(session.run({ x: floats(1, 2) })).rejects.toThrow(
    'output "y": the graph declares float32 [3], its nodes yield float32 [2].',
  );
});

test("an operator's error names its node", async () => {
  const session = await (await reference()).load(encodeModel(graph([node("Conv", ["x", "c"], ["y"])])));
  await expect(session.run({ x: floats(1, 2) })).rejects.toThrow(
    'node "Conv node" (Conv): conv image: expected [N, C, H, W], got [2].',
  );
});

test("runs that wait when their session is disposed reject with DISPOSED", async () => {
  const session = await (await reference()).load(encodeModel(graph([node("Neg", ["x"], ["y"])])));
  const waiting = session.run({ x: floats(1, 2) });
  const disposed = session[Symbol.asyncDispose]();
  await expect(waiting).rejects.toThrow(expect.objectContaining({ code: "DISPOSED" }));
  await disposed;
});
