import { BunrakuError } from "../contract/error.ts";
import { decodeNode } from "./decode-model-node.ts";
import { decodePieces } from "./decode-model-pieces.ts";
import { decodeTensor, decodeValue } from "./decode-model-tensor.ts";
import type { Graph, GraphNode, GraphPiece, GraphValue, Initializer } from "./graph.ts";
import { protobufFields } from "./protobuf-reader.ts";

const oldestOpset = 13;
const newestOpset = 22;

/**
 * Reads an ONNX model file as a graph: the inverse of `encodeModel`, and a reader of other exporters' files as far as
 * a `Graph` can say what they say (static dims, opset 13 to 22, weights inside the file, ONNX's own operators).
 *
 * Safe on hostile bytes: it checks every length, follows no path or URL, runs nothing, and allocates in proportion to
 * the file. It does not check that the graph makes sense; loading it does.
 *
 * A `Graph` does not record its opset: `encodeModel` of a graph from a newer file is right only if no operator of it
 * has changed since opset 17.
 *
 * @param bytes Borrowed; weights are copied out of them.
 * @throws `MODEL`
 * @see onnx.proto: the field numbers are its.
 */
export function decodeModel(bytes: Uint8Array): Graph {
  let graph: Uint8Array | undefined;
  let opset: number | undefined;
  let pieces: readonly GraphPiece[] = [];
  // A plain view: slice() of a Node Buffer, which readFile gives, shares memory where that of a Uint8Array copies.
  for (const field of protobufFields(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))) {
    if (field.number === 7) graph = field.bytes();
    if (field.number === 8) opset = decodeOpset(field.bytes()) ?? opset;
    if (field.number === 14) pieces = decodePieces(field.bytes()) ?? pieces;
  }
  if (!graph) throw new BunrakuError("MODEL", "model: expected an ONNX file, got bytes without a graph in them.");
  if (opset === undefined || opset < oldestOpset || opset > newestOpset) {
    const got = opset ?? "none";
    throw new BunrakuError(
      "MODEL",
      `model: opset must be ${oldestOpset} to ${newestOpset}, got ${got}; convert the model.`,
    );
  }
  const decoded = decodeGraph(graph);
  return pieces.length > 0 ? { ...decoded, pieces } : decoded;
}

/** The version of the default operator set; undefined for the entry of another domain. */
function decodeOpset(bytes: Uint8Array): number | undefined {
  let domain = "";
  let version = 0;
  for (const field of protobufFields(bytes)) {
    if (field.number === 1) domain = field.text();
    if (field.number === 2) version = field.integer();
  }
  return domain === "" || domain === "ai.onnx" ? version : undefined;
}

function decodeGraph(bytes: Uint8Array): Graph {
  let name = "";
  const nodes: GraphNode[] = [];
  const initializers: Initializer[] = [];
  const inputs: GraphValue[] = [];
  const outputs: GraphValue[] = [];
  const values: GraphValue[] = [];
  const declared: Uint8Array[] = [];
  for (const field of protobufFields(bytes)) {
    if (field.number === 1) {
      const decoded = decodeNode(field.bytes());
      nodes.push(...decoded.nodes);
      initializers.push(...decoded.initializers);
    } else if (field.number === 2) name = field.text();
    else if (field.number === 5) initializers.push(decodeTensor(field.bytes(), `initializer ${initializers.length}`));
    else if (field.number === 11) declared.push(field.bytes());
    else if (field.number === 12) outputs.push(decodeValue(field.bytes(), "output"));
    else if (field.number === 13) {
      const value = decodeHint(field.bytes());
      if (value) values.push(value);
    } else if (field.number === 15) {
      throw new BunrakuError("MODEL", "model: sparse initializers are not read; save the model with dense ones.");
    }
  }
  // IR versions below 4 list every initializer among the inputs too; nobody feeds those.
  const constants = new Set(initializers.map((initializer) => initializer.name));
  for (const value of declared) {
    const input = decodeValue(value, "input");
    if (!constants.has(input.name)) inputs.push(input);
  }
  return { name, nodes, initializers, inputs, outputs, ...(values.length > 0 && { values }) };
}

/** What a file says of a value inside the graph is a hint: others' symbolic dims and types are passed over. */
function decodeHint(bytes: Uint8Array): GraphValue | undefined {
  try {
    return decodeValue(bytes, "value");
  } catch (error) {
    if (BunrakuError.is(error, "MODEL")) return undefined;
    throw error;
  }
}
