import { BunrakuError } from "../contract/error.ts";
import { decodeTensor } from "./decode-model-tensor.ts";
import type { Attribute, GraphNode, Initializer } from "./graph.ts";
import { protobufFields } from "./protobuf-reader.ts";

/** What a node becomes: itself, or constants in its place. */
export interface DecodedNode {
  readonly nodes: readonly GraphNode[];
  readonly initializers: readonly Initializer[];
}

/** An attribute as the file holds it; tensors and lists of floats occur only on constants, which are folded here. */
type FileAttribute = Attribute | { readonly tensor: Initializer } | { readonly floats: Float32Array };

/**
 * Reads a NodeProto.
 *
 * A `Graph` has no tensors among its attributes: a `Constant` becomes an initializer, and a `ConstantOfShape` with a
 * value becomes an `Expand` of that value, which means the same.
 */
export function decodeNode(bytes: Uint8Array): DecodedNode {
  let op = "";
  let name = "";
  let domain = "";
  const inputs: string[] = [];
  const outputs: string[] = [];
  const encoded: Uint8Array[] = [];
  for (const field of protobufFields(bytes)) {
    if (field.number === 1) inputs.push(field.text());
    else if (field.number === 2) outputs.push(field.text());
    else if (field.number === 3) name = field.text();
    else if (field.number === 4) op = field.text();
    else if (field.number === 5) encoded.push(field.bytes());
    else if (field.number === 7) domain = field.text();
  }
  const what = `node "${name || outputs[0] || "?"}" (${op})`;
  if (domain !== "" && domain !== "ai.onnx") {
    throw new BunrakuError("MODEL", `model: ${what} is of domain "${domain}"; only ONNX's own operators are read.`);
  }
  const attributes = new Map(encoded.map((attribute) => decodeAttribute(attribute, what)));
  if (op === "Constant") return { nodes: [], initializers: [constant(attributes, outputs[0] ?? "", what)] };
  const value = attributes.get("value");
  if (op === "ConstantOfShape" && isTensor(value)) {
    const filler = `${outputs[0]}/value`; // a scalar, so that Expand gives the rank of the wanted shape
    const node = { op: "Expand", name, inputs: [filler, ...inputs], outputs, attributes: {} };
    return { nodes: [node], initializers: [{ ...value.tensor, name: filler, dims: [] }] };
  }
  // fromEntries defines own properties, so that an attribute called "__proto__" is only an attribute.
  const plain = Object.fromEntries(
    [...attributes].map(([key, attribute]) => [key, plainAttribute(attribute, key, what)]),
  );
  return { nodes: [{ op, name, inputs, outputs, attributes: plain }], initializers: [] };
}

function decodeAttribute(bytes: Uint8Array, what: string): [string, FileAttribute] {
  let name = "";
  let type = 0;
  let fallback = 0; // files of early IR versions have no type: the field that is there tells
  let float = 0;
  let integer = 0;
  let text = "";
  let tensor: Uint8Array | undefined;
  const floats: number[] = [];
  const integers: number[] = [];
  for (const field of protobufFields(bytes)) {
    if (field.number === 1) name = field.text();
    else if (field.number === 20) type = field.integer();
    else if (field.number === 2) [float, fallback] = [field.float(), 1];
    else if (field.number === 3) [integer, fallback] = [field.integer(), 2];
    else if (field.number === 4) [text, fallback] = [field.text(), 3];
    else if (field.number === 5) [tensor, fallback] = [field.bytes(), 4];
    else if (field.number === 7) {
      fallback = 6;
      for (const value of field.floats()) floats.push(value);
    } else if (field.number === 8) {
      fallback = 7;
      for (const value of field.integers()) integers.push(value);
    }
  }
  switch (type || fallback) {
    case 1:
      return [name, { float }];
    case 2:
      return [name, integer];
    case 3:
      return [name, text];
    case 4:
      if (tensor) return [name, { tensor: decodeTensor(tensor, `attribute "${name}" of ${what}`) }];
      break;
    case 6:
      return [name, { floats: Float32Array.from(floats) }];
    case 7:
      return [name, integers];
  }
  throw new BunrakuError(
    "MODEL",
    `model: attribute "${name}" of ${what} has type ${type || fallback} of ONNX; known are 1 (float), 2 (int), 3 (string), 4 (tensor), 6 (floats), 7 (ints).`,
  );
}

function constant(attributes: ReadonlyMap<string, FileAttribute>, name: string, what: string): Initializer {
  const [key, value] = [...attributes][0] ?? [];
  if (isTensor(value)) return { ...value.tensor, name };
  if (typeof value === "number") return { name, type: "int64", dims: [], data: BigInt64Array.of(BigInt(value)) };
  if (Array.isArray(value)) {
    return { name, type: "int64", dims: [value.length], data: BigInt64Array.from(value, BigInt) };
  }
  if (typeof value === "object" && "float" in value) {
    return { name, type: "float32", dims: [], data: Float32Array.of(value.float) };
  }
  if (typeof value === "object" && "floats" in value) {
    return { name, type: "float32", dims: [value.floats.length], data: value.floats };
  }
  throw new BunrakuError("MODEL", `model: ${what} needs a value of numbers, got ${key ?? "none"}.`);
}

function plainAttribute(attribute: FileAttribute, key: string, what: string): Attribute {
  if (typeof attribute !== "object" || !("tensor" in attribute || "floats" in attribute)) return attribute;
  throw new BunrakuError(
    "MODEL",
    `model: attribute "${key}" of ${what} is a tensor or a list of floats, which is not read.`,
  );
}

function isTensor(value: FileAttribute | undefined): value is { readonly tensor: Initializer } {
  return typeof value === "object" && "tensor" in value;
}
