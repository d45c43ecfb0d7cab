import type { DType } from "../contract/tensor.ts";
import { type Attribute, type Graph, type GraphNode, type GraphValue, type HalfGraph, opset } from "./graph.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** ONNX's numbers for element types (TensorProto.DataType). */
export const onnxType: Record<DType | "float16", number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

/** The metadata of a model under which its pieces stand, as JSON. */
export const piecesKey = "bunraku.pieces";

/**
 * Writes a graph as an ONNX model file (IR version 8, opset 17), readable by every ONNX runtime.
 *
 * @returns The bytes, owned by the caller.
 * @see onnx.proto: the field numbers below are its.
 */
export function encodeModel(graph: Graph | HalfGraph): Uint8Array {
  const model = new ProtobufWriter();
  model.varint(1, 8); // ir_version
  model.string(2, "bunraku"); // producer_name
  model.message(7, (out) => {
    for (const node of graph.nodes) out.message(1, (message) => writeNode(message, node));
    out.string(2, graph.name);
    for (const { name, type, dims, data } of graph.initializers) {
      out.message(5, (message) => {
        for (const dim of dims) message.varint(1, dim);
        message.varint(2, onnxType[type]);
        message.string(8, name);
        message.blob(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)); // raw_data, little-endian
      });
    }
    for (const input of graph.inputs) out.message(11, (message) => writeValue(message, input));
    for (const output of graph.outputs) out.message(12, (message) => writeValue(message, output));
    for (const value of graph.values ?? []) out.message(13, (message) => writeValue(message, value));
  });
  model.message(8, (out) => {
    out.string(1, ""); // the default operator set
    out.varint(2, opset);
  });
  if (graph.pieces?.length) {
    model.message(14, (out) => {
      out.string(1, piecesKey);
      out.string(2, JSON.stringify(graph.pieces));
    });
  }
  return model.bytes();
}

function writeNode(out: ProtobufWriter, node: GraphNode): void {
  for (const input of node.inputs) out.string(1, input);
  for (const output of node.outputs) out.string(2, output);
  out.string(3, node.name);
  out.string(4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes))
    out.message(5, (message) => writeAttribute(message, name, attribute));
}

function writeAttribute(out: ProtobufWriter, name: string, attribute: Attribute): void {
  out.string(1, name);
  if (typeof attribute === "number") {
    out.varint(3, attribute);
    out.varint(20, 2);
  } else if (typeof attribute === "string") {
    out.string(4, attribute);
    out.varint(20, 3);
  } else if ("float" in attribute) {
    out.float(2, attribute.float);
    out.varint(20, 1);
  } else {
    for (const item of attribute) out.varint(8, item);
    out.varint(20, 7);
  }
}

function writeValue(out: ProtobufWriter, { name, type, dims }: GraphValue): void {
  out.string(1, name);
  out.message(2, (typeProto) => {
    typeProto.message(1, (tensorType) => {
      tensorType.varint(1, onnxType[type]);
      tensorType.message(2, (shape) => {
        for (const dim of dims) shape.message(1, (dimension) => dimension.varint(1, dim));
      });
    });
  });
}
