import fc from "fast-check";
import { expect, test } from "vitest";
import { tensor } from "../contract/tensor.ts";
import { ortNode } from "../ort-node/ort-node.ts";
import { decodeModel } from "./decode-model.ts";
import { encodeModel } from "./encode-model.ts";
import { type Attribute, float, type Graph } from "./graph.ts";
import { GraphBuilder } from "./graph-builder.ts";

const bytesOf = (...parts: (number | string)[]) =>
  parts.flatMap((part) => (typeof part === "number" ? [part] : [...new TextEncoder().encode(part)]));

test("the bytes are those of onnx.proto: field number · 8 + wire type, then the value", () => {
  const graph: Graph = {
    name: "g",
    nodes: [{ op: "Abs", name: "n", inputs: ["x"], outputs: ["y"], attributes: { a: 3 } }],
    initializers: [],
    inputs: [],
    outputs: [{ name: "y", type: "float32", dims: [300] }],
  };
  const attribute = bytesOf(10, 1, "a", 24, 3, 0xa0, 1, 2); // name 1, i 3, type 20 = INT
  const node = bytesOf(10, 1, "x", 18, 1, "y", 26, 1, "n", 34, 3, "Abs", 42, attribute.length, ...attribute);
  const shape = bytesOf(10, 3, 8, 0xac, 2); // one dim: 300 as varint
  const type = bytesOf(8, 1, 18, shape.length, ...shape); // elem_type 1 = FLOAT, shape 2
  const output = bytesOf(10, 1, "y", 18, type.length + 2, 10, type.length, ...type);
  const body = bytesOf(10, node.length, ...node, 18, 1, "g", 98, output.length, ...output);
  const wanted = bytesOf(8, 8, 18, 7, "bunraku", 58, body.length, ...body, 66, 4, 10, 0, 16, 17); // IR 8, opset 17
  expect([...encodeModel(graph)]).toEqual(wanted);
});

const attribute: fc.Arbitrary<Attribute> = fc.oneof(
  fc.maxSafeInteger(),
  fc.float({ noNaN: true }).map(float),
  fc.string({ unit: "binary" }),
  fc.array(fc.maxSafeInteger()),
);

test("attributes of every kind come back as they went", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1, unit: "grapheme" }), attribute), (attributes) => {
      const nodes = [{ op: "Any", name: "any", inputs: ["x", ""], outputs: ["y"], attributes }];
      const graph: Graph = { name: "g", nodes, initializers: [], inputs: [], outputs: [] };
      const entries = Object.entries(decodeModel(encodeModel(graph)).nodes[0]!.attributes);
      expect(new Map(entries)).toEqual(new Map(Object.entries(attributes)));
    }),
  );
});

test("a constant that is a window of a larger array is written without what lies beside it", () => {
  const g = new GraphBuilder("g");
  const window = tensor("float32", Float32Array.of(99, 1, 2, 99).subarray(1, 3), [2]);
  g.output(g.node("Identity", [g.constant(window)], [2]), "y");
  expect([...decodeModel(encodeModel(g.build())).initializers[0]!.data]).toEqual([1, 2]);
});

test("onnxruntime reads every kind of attribute and constant", async () => {
  await using backend = await ortNode({ threads: 1, thread: "main" });
  const g = new GraphBuilder("kinds");
  const x = g.input("x", [2, 2]);
  const leaky = g.node("LeakyRelu", [x], [2, 2], { alpha: float(0.25) }); // a float
  const turned = g.node("Transpose", [leaky], [2, 2], { perm: [1, 0] }); // a list
  const joined = g.node("Concat", [turned, g.floats([5, 6], [2, 1])], [2, 3], { axis: -1 }); // a negative number
  const flat = g.node("Reshape", [joined, g.ints([1, 1, 2, 3])], [1, 1, 2, 3]); // 64-bit integers
  const large = g.node("Resize", [flat, undefined, g.floats([1, 1, 1, 2])], [1, 1, 2, 6], { mode: "nearest" }); // a string
  g.output(large, "y");
  const session = await backend.load(encodeModel(g.build()));
  const { y } = await session.run({ x: tensor("float32", Float32Array.of(-4, 2, 3, -8), [2, 2]) });
  expect([...(y!.data as Float32Array)]).toEqual([-1, -1, 3, 3, 5, 5, 2, 2, -2, -2, 6, 6]);
});
