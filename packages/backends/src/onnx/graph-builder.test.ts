import { expect, test } from "vitest";
import { zeros } from "../contract/tensor.ts";
import { GraphBuilder } from "./graph-builder.ts";

test("a graph is its nodes in order, its inputs and its outputs", () => {
  const g = new GraphBuilder("sum");
  const a = g.input("a", [2]);
  const b = g.input("b", [2], "int64");
  g.output(g.node("Add", [a, b], [2], { axis: 1 }), "y");
  expect(g.build()).toEqual({
    name: "sum",
    nodes: [
      { op: "Add", name: "add", inputs: ["a", "b"], outputs: ["add"], attributes: { axis: 1 } },
      { op: "Identity", name: "output_y", inputs: ["add"], outputs: ["y"], attributes: {} },
    ],
    initializers: [],
    inputs: [
      { name: "a", type: "float32", dims: [2] },
      { name: "b", type: "int64", dims: [2] },
    ],
    outputs: [{ name: "y", type: "float32", dims: [2] }],
    values: [{ name: "add", type: "float32", dims: [2] }],
    pieces: [],
  });
});

test("values that nothing names get names of their own", () => {
  const g = new GraphBuilder("g");
  const x = g.input("relu", [1]);
  const names = [g.node("Relu", [x], [1]), g.node("Relu", [x], [1]), g.node("Relu_1", [x], [1])].map(
    ({ name }) => name,
  );
  expect(new Set(["relu", ...names]).size).toBe(4);
});

test("an input that is left out is an empty name", () => {
  const g = new GraphBuilder("g");
  const x = g.input("x", [1]);
  g.output(g.node("Resize", [x, undefined, undefined, g.ints([1])], [1]), "y");
  expect(g.build().nodes[0]!.inputs).toEqual(["x", "", "", "constant"]);
});

test("nodes and constants that no output needs are left out", () => {
  const g = new GraphBuilder("g");
  const x = g.input("x", [2]);
  g.node("Mul", [x, g.floats([1, 2])], [2]);
  const used = g.floats([3, 4]);
  g.output(g.node("Add", [x, used], [2]), "y");
  const { nodes, initializers, inputs } = g.build();
  expect(nodes.map(({ op }) => op)).toEqual(["Add", "Identity"]);
  expect(initializers.map(({ name }) => name)).toEqual([used.name]);
  expect(inputs.map(({ name }) => name)).toEqual(["x"]);
});

test("a graph can be built, continued and built again", () => {
  const g = new GraphBuilder("g");
  const x = g.input("x", [1]);
  g.output(x, "first");
  expect(g.build().nodes.length).toBe(1);
  g.output(g.node("Relu", [x], [1]), "second");
  expect(g.build().outputs.map(({ name }) => name)).toEqual(["first", "second"]);
  expect(g.build().nodes.map(({ op }) => op)).toEqual(["Identity", "Relu", "Identity"]);
});

/** How many constants a graph has that uses all of `values`. */
function stored(g: GraphBuilder, values: readonly { name: string; dims: readonly number[] }[]): number {
  g.output(g.node("Sum", values, [2]), "y");
  return g.build().initializers.length;
}

test("the same tensor under the same name is stored once", () => {
  const g = new GraphBuilder("g");
  const weight = zeros([2]);
  const values = [g.constant(weight, "w"), g.constant(weight, "w")];
  expect(values[0]).toEqual(values[1]);
  expect(stored(g, values)).toBe(1);
});

test("another tensor under the same name gets another name, and is stored once too", () => {
  const g = new GraphBuilder("g");
  const [one, other] = [zeros([2]), zeros([2])];
  const values = [g.constant(one, "w"), g.constant(other, "w"), g.constant(other, "w"), g.constant(one, "w")];
  expect(values.map(({ name }) => name)).toEqual(["w", "w_1", "w_1", "w"]);
  expect(stored(g, values)).toBe(2);
});

test("the same data with other dims is another constant", () => {
  const g = new GraphBuilder("g");
  const weight = zeros([4]);
  const square = { type: weight.type, data: weight.data, dims: [2, 2] };
  expect([g.constant(weight, "w").dims, g.constant(square, "w").dims]).toEqual([[4], [2, 2]]);
});

test("floats and ints become constants of their types", () => {
  const g = new GraphBuilder("g");
  const values = [g.floats([1, 2], [1, 2]), g.ints([-1, 2 ** 40])];
  g.output(g.node("Reshape", values, [2]), "y");
  expect(g.build().initializers.map(({ type, dims, data }) => ({ type, dims, data: [...data] }))).toEqual([
    { type: "float32", dims: [1, 2], data: [1, 2] },
    { type: "int64", dims: [2], data: [-1n, 2n ** 40n] },
  ]);
});

test("floats that do not fill their dims are refused", () => {
  expect(() => new GraphBuilder("g").floats([1, 2, 3], [2, 2])).toThrow("graph g: 3 floats for dims [2, 2].");
});

test("inputs and outputs keep their names, so a name that is taken is refused", () => {
  const g = new GraphBuilder("g");
  const x = g.input("x", [1]);
  expect(() => g.input("x", [1])).toThrow('graph g: the name "x" is taken.');
  g.output(x, "y");
  expect(() => g.output(x, "y")).toThrow('graph g: the name "y" is taken.');
  expect(() => g.output(g.node("Relu", [x], [1]), "relu")).toThrow(expect.objectContaining({ code: "MODEL" }));
});

test("a piece names its nodes, and what goes in and comes out", () => {
  const g = new GraphBuilder("piece");
  const x = g.input("x", [2]);
  const [y] = g.piece("twice and one", [x], () => [g.node("Add", [g.node("Add", [x, x], [2]), g.floats([1])], [2])], {
    times: 2,
  });
  g.output(g.node("Relu", [y], [2]), "out");
  expect(g.build().pieces).toEqual([
    {
      kind: "twice and one",
      inputs: ["x"],
      outputs: [y.name],
      attributes: { times: 2 },
      nodes: ["add", "add_1"],
    },
  ]);
});

test("a piece that no output needs, or not all of whose outputs are needed, is none", () => {
  const g = new GraphBuilder("piece");
  const x = g.input("x", [2]);
  g.piece("unused", [x], () => [g.node("Relu", [x], [2])]);
  const [y] = g.piece("half used", [x], () => [g.node("Neg", [x], [2]), g.node("Abs", [x], [2])]);
  g.output(y, "out");
  expect(g.build().pieces).toEqual([]);
});

test("types of values follow from what made them", () => {
  const g = new GraphBuilder("types");
  const x = g.input("x", [2]);
  const longs = g.node("Cast", [x], [2], { to: 7 });
  const greater = g.node("Greater", [x, g.floats([0])], [2]);
  g.output(g.node("Where", [greater, x, g.node("Cast", [longs], [2], { to: 1 })], [2]), "y");
  expect(g.build().values!.map(({ name, type }) => [name, type])).toEqual([
    ["cast", "int64"],
    ["greater", "bool"],
    ["cast_1", "float32"],
    ["where", "float32"],
  ]);
});
