import fc from "fast-check";
import { expect, test } from "vitest";
import { BunrakuError } from "../contract/error.ts";
import type { DType } from "../contract/tensor.ts";
import { decodeModel } from "./decode-model.ts";
import { encodeModel } from "./encode-model.ts";
import { float, type Graph, type Initializer } from "./graph.ts";
import { GraphBuilder } from "./graph-builder.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

const name = fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" });
const wholeNumber = fc.maxSafeInteger();
const attribute = fc.oneof(
  wholeNumber,
  fc.float({ noNaN: true }).map((float) => ({ float })),
  fc.string({ unit: "grapheme" }),
  fc.array(wholeNumber, { maxLength: 5 }),
);
const op = name.filter((text) => text !== "Constant" && text !== "ConstantOfShape"); // those are folded
const node = fc.record({
  op,
  name,
  inputs: fc.array(fc.string(), { maxLength: 4 }),
  outputs: fc.array(name, { maxLength: 3 }),
  attributes: fc.dictionary(name, attribute, { maxKeys: 4, noNullPrototype: true }),
});
const dims = fc.array(fc.nat(4), { maxLength: 4 });
const dtype = fc.constantFrom<DType>("float32", "uint8", "int8", "int32", "int64", "bool");
const value = fc.record({ name, type: dtype, dims });
const data = {
  float32: (n: number) => fc.float32Array({ minLength: n, maxLength: n }),
  uint8: (n: number) => fc.uint8Array({ minLength: n, maxLength: n }),
  int8: (n: number) => fc.int8Array({ minLength: n, maxLength: n }),
  int32: (n: number) => fc.int32Array({ minLength: n, maxLength: n }),
  int64: (n: number) => fc.bigInt64Array({ minLength: n, maxLength: n }),
  bool: (n: number) => fc.uint8Array({ minLength: n, maxLength: n, max: 1 }),
};
const initializer: fc.Arbitrary<Initializer> = value.chain((declared) =>
  data[declared.type](declared.dims.reduce((size, dim) => size * dim, 1)).map((array) => ({
    ...declared,
    name: `constant ${declared.name}`, // an input of the same name would be taken for its declaration
    data: array,
  })),
);
const graph: fc.Arbitrary<Graph> = fc.record({
  name,
  nodes: fc.array(node, { maxLength: 4 }),
  initializers: fc.array(initializer, { maxLength: 4 }),
  inputs: fc.array(value, { maxLength: 3 }),
  outputs: fc.array(value, { maxLength: 3 }),
});

test("what encodeModel writes, decodeModel reads", () => {
  fc.assert(
    fc.property(graph, (written) => {
      expect(decodeModel(encodeModel(written))).toEqual(written);
    }),
    { numRuns: 300 },
  );
});

test("a file that is cut anywhere, or whose bytes are changed, is read or refused with MODEL", () => {
  fc.assert(
    fc.property(
      graph,
      fc.nat(),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
      (written, cut, changes) => {
        const whole = encodeModel(written);
        const bytes = whole.slice(0, cut % (whole.length + 1));
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        expect(readsOrRefuses(bytes)).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

test("random bytes are read or refused with MODEL", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(readsOrRefuses(bytes)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

function readsOrRefuses(bytes: Uint8Array): boolean {
  try {
    decodeModel(bytes);
    return true;
  } catch (error) {
    return BunrakuError.is(error, "MODEL");
  }
}

test("weights at any alignment are read", () => {
  const weights = { name: "w", type: "float32", dims: [2], data: Float32Array.of(1.5, -2) } as const;
  const bytes = encodeModel({ name: "g", nodes: [], initializers: [weights], inputs: [], outputs: [] });
  for (let shift = 0; shift < 4; shift++) {
    const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
    shifted.set(bytes);
    expect([...decodeModel(shifted).initializers[0]!.data]).toEqual([1.5, -2]);
  }
});

/** A model with the given opset, and whatever `write` puts into the graph. */
function model(write: (graph: ProtobufWriter) => void, opset = 17): Uint8Array {
  const out = new ProtobufWriter();
  out.message(7, write);
  out.message(8, (entry) => entry.varint(2, opset));
  return out.bytes();
}

const tensorModel = (write: (tensor: ProtobufWriter) => void) => model((graph) => graph.message(5, write));
const packed = (...values: number[]) => {
  const out = new ProtobufWriter();
  for (const number of values) out.varint(1, number);
  return out.bytes().filter((_, index) => index % 2 === 1); // drops the tags: one-byte varints only
};

test("elements in float_data, int32_data and int64_data are read, packed or not", () => {
  const floats = tensorModel((tensor) => {
    tensor.blob(1, packed(2));
    tensor.varint(2, 1);
    tensor.blob(4, new Uint8Array(Float32Array.of(0.5, 7).buffer));
  });
  expect(decodeModel(floats).initializers[0]).toMatchObject({ dims: [2], data: Float32Array.of(0.5, 7) });
  const unpacked = tensorModel((tensor) => {
    tensor.varint(1, 2);
    tensor.varint(2, 1);
    tensor.float(4, 0.5);
    tensor.float(4, 7);
  });
  expect(decodeModel(unpacked).initializers[0]!.data).toEqual(Float32Array.of(0.5, 7));
  const bytes = tensorModel((tensor) => {
    tensor.varint(1, 3);
    tensor.varint(2, 2);
    tensor.blob(5, packed(1, 2, 3));
  });
  expect(decodeModel(bytes).initializers[0]!.data).toEqual(Uint8Array.of(1, 2, 3));
  const longs = tensorModel((tensor) => {
    tensor.varint(1, 2);
    tensor.varint(2, 7);
    tensor.varint(7, -1);
    tensor.varint(7, 5);
  });
  expect(decodeModel(longs).initializers[0]!.data).toEqual(BigInt64Array.of(-1n, 5n));
});

test("a dim that promises more than the file holds is refused, not allocated", () => {
  const bytes = tensorModel((tensor) => {
    tensor.varint(1, 2 ** 40);
    tensor.varint(2, 1);
    tensor.blob(9, new Uint8Array(4));
  });
  expect(() => decodeModel(bytes)).toThrow("needs 1099511627776 elements, got 1.");
});

test("data in another file is refused", () => {
  const bytes = tensorModel((tensor) => {
    tensor.varint(1, 1);
    tensor.varint(2, 1);
    tensor.string(8, "w");
    tensor.varint(14, 1);
    tensor.message(13, (entry) => {
      entry.string(1, "location");
      entry.string(2, "../../etc/passwd");
    });
  });
  expect(() => decodeModel(bytes)).toThrow('tensor "w" keeps its data in another file');
});

test("an element type that is not known is refused by name", () => {
  const bytes = tensorModel((tensor) => {
    tensor.varint(2, 10);
    tensor.string(8, "half");
  });
  expect(() => decodeModel(bytes)).toThrow('tensor "half" has element type 10 of ONNX; known are 1 (float32)');
});

test("a dynamic dim is refused by its name", () => {
  const bytes = model((graph) =>
    graph.message(11, (value) => {
      value.string(1, "image");
      value.message(2, (type) =>
        type.message(1, (tensor) => {
          tensor.varint(1, 1);
          tensor.message(2, (shape) => {
            shape.message(1, (dim) => dim.varint(1, 1));
            shape.message(1, (dim) => dim.string(2, "height"));
          });
        }),
      );
    }),
  );
  expect(() => decodeModel(bytes)).toThrow('input "image" has a dynamic dim "height" on axis 1');
});

test.each([12, 23])("opset %i is refused", (opset) => {
  expect(() => decodeModel(model(() => undefined, opset))).toThrow(`opset must be 13 to 22, got ${opset}`);
});

test.each([13, 22])("opset %i is read", (opset) => {
  expect(decodeModel(model(() => undefined, opset)).nodes).toEqual([]);
});

test("unknown fields are skipped", () => {
  const bytes = model((graph) => {
    graph.string(10, "a doc string");
    graph.varint(99, 3);
    graph.float(98, 1);
    graph.string(2, "named");
  });
  expect(decodeModel(bytes).name).toBe("named");
});

test("a constant node becomes an initializer", () => {
  const bytes = model((graph) =>
    graph.message(1, (out) => {
      out.string(2, "c");
      out.string(4, "Constant");
      out.message(5, (entry) => {
        entry.string(1, "value");
        entry.varint(20, 4);
        entry.message(5, (tensor) => {
          tensor.varint(1, 2);
          tensor.varint(2, 6);
          tensor.blob(9, new Uint8Array(Int32Array.of(4, 5).buffer));
        });
      });
    }),
  );
  expect(decodeModel(bytes)).toMatchObject({
    nodes: [],
    initializers: [{ name: "c", type: "int32", dims: [2], data: Int32Array.of(4, 5) }],
  });
});

test("a constant of a shape with a value becomes an Expand of that value", () => {
  const bytes = model((graph) =>
    graph.message(1, (out) => {
      out.string(1, "shape");
      out.string(2, "filled");
      out.string(4, "ConstantOfShape");
      out.message(5, (entry) => {
        entry.string(1, "value");
        entry.varint(20, 4);
        entry.message(5, (tensor) => {
          tensor.varint(1, 1);
          tensor.varint(2, 1);
          tensor.float(4, 7);
        });
      });
    }),
  );
  expect(decodeModel(bytes)).toMatchObject({
    nodes: [{ op: "Expand", inputs: ["filled/value", "shape"], outputs: ["filled"] }],
    initializers: [{ name: "filled/value", dims: [], data: Float32Array.of(7) }],
  });
});

test("an operator of another domain is refused", () => {
  const bytes = model((graph) =>
    graph.message(1, (out) => {
      out.string(3, "fancy");
      out.string(4, "FusedConv");
      out.string(7, "com.microsoft");
    }),
  );
  expect(() => decodeModel(bytes)).toThrow('node "fancy" (FusedConv) is of domain "com.microsoft"');
});

test("an empty file says what was expected", () => {
  expect(() => decodeModel(new Uint8Array(0))).toThrow(
    "model: expected an ONNX file, got bytes without a graph in them.",
  );
});

test("a model in a Buffer, as readFile gives it, holds the same numbers at any alignment", () => {
  const weights: Initializer = { name: "w", type: "float32", dims: [3], data: Float32Array.of(1, 2, 3) };
  const output = { name: "y", type: "float32", dims: [3] } as const;
  const graph: Graph = { name: "g", nodes: [], initializers: [weights], inputs: [], outputs: [output] };
  const bytes = encodeModel(graph);
  for (let shift = 0; shift < 4; shift++) {
    const buffer = Buffer.concat([Buffer.alloc(shift), bytes]).subarray(shift);
    expect(decodeModel(buffer).initializers[0]!.data).toEqual(weights.data);
  }
});

test("pieces and inner values survive a file, and damaged ones are passed over", () => {
  const g = new GraphBuilder("piece");
  const x = g.input("x", [2]);
  const [y] = g.piece("relu", [x], () => [g.node("Relu", [x], [2])], { slope: float(0.5), sizes: [1, 2] });
  g.output(y, "out");
  const graph = g.build();
  expect(decodeModel(encodeModel(graph))).toEqual(graph);
  const damaged = { ...graph, pieces: [...graph.pieces!, { kind: 1 } as never] };
  expect(decodeModel(encodeModel(damaged)).pieces).toEqual(graph.pieces);
});
