import { BunrakuError } from "../contract/error.ts";
import { arrayTypes, type DataOf, type DType, sizeOf } from "../contract/tensor.ts";
import { onnxType } from "./encode-model.ts";
import type { GraphValue, Initializer } from "./graph.ts";
import { protobufFields } from "./protobuf-reader.ts";

// A graph's constants may be written as float16, which is not read: graphs in memory are float32.
const dtypes = new Map(
  Object.entries(onnxType)
    .filter(([type]) => type !== "float16")
    .map(([type, number]) => [number, type as DType]),
);
const bytesPerElement: Record<DType, number> = { float32: 4, uint8: 1, int8: 1, int32: 4, int64: 8, bool: 1 };

// More axes than any operator uses; a bound, so that a file cannot be one endless list of dims.
const maxRank = 32;

/** Reads a TensorProto. The elements are copied, because raw data is rarely aligned. */
export function decodeTensor(bytes: Uint8Array, what: string): Initializer {
  let name = "";
  let onnx = 0;
  let raw: Uint8Array | undefined;
  let external = false;
  const dims: number[] = [];
  const floats: Float32Array[] = [];
  const integers: bigint[][] = [];
  for (const field of protobufFields(bytes)) {
    if (field.number === 1) pushDims(dims, field.integers(), what);
    else if (field.number === 2) onnx = field.integer();
    else if (field.number === 4) floats.push(field.floats());
    else if (field.number === 5 || field.number === 7) integers.push(field.bigints());
    else if (field.number === 8) name = field.text();
    else if (field.number === 9) raw = field.bytes();
    else if (field.number === 13 || (field.number === 14 && field.integer() === 1)) external = true;
  }
  const label = name === "" ? what : `tensor "${name}"`;
  if (external) {
    throw new BunrakuError(
      "MODEL",
      `model: ${label} keeps its data in another file; save the model with its data inside.`,
    );
  }
  const type = dtypeOf(onnx, label);
  const size = sizeOf(dims);
  const given = raw
    ? raw.length / bytesPerElement[type]
    : [...floats, ...integers].reduce((sum, part) => sum + part.length, 0);
  if (given !== size) {
    throw new BunrakuError("MODEL", `model: ${label} [${dims.join(", ")}] needs ${size} elements, got ${given}.`);
  }
  if (raw) return { name, type, dims, data: new arrayTypes[type](raw.slice().buffer) };
  return { name, type, dims, data: fromLists(type, size, floats, integers, label) };
}

function fromLists(
  type: DType,
  size: number,
  floats: readonly Float32Array[],
  integers: readonly bigint[][],
  label: string,
): DataOf[DType] {
  if (type === "float32" ? integers.length > 0 : floats.length > 0) {
    throw new BunrakuError("MODEL", `model: ${label} is ${type} and holds elements of another type.`);
  }
  let at = 0;
  if (type === "float32") {
    const data = new Float32Array(size);
    for (const part of floats) {
      data.set(part, at);
      at += part.length;
    }
    return data;
  }
  const data = new arrayTypes[type](size);
  for (const part of integers) for (const value of part) data[at++] = type === "int64" ? value : Number(value);
  return data;
}

/** Reads a ValueInfoProto: an input or output of the graph, whose dims must be static. */
export function decodeValue(bytes: Uint8Array, role: string): GraphValue {
  let name = "";
  let onnx = 0;
  let dims: number[] | undefined;
  for (const field of protobufFields(bytes)) {
    if (field.number === 1) name = field.text();
    if (field.number !== 2) continue;
    for (const kind of protobufFields(field.bytes())) {
      if (kind.number !== 1) continue; // a sequence, map or optional leaves onnx at 0 and is refused below
      for (const part of protobufFields(kind.bytes())) {
        if (part.number === 1) onnx = part.integer();
        if (part.number === 2) dims = decodeShape(part.bytes(), `${role} "${name}"`);
      }
    }
  }
  const type = dtypeOf(onnx, `${role} "${name}"`);
  if (!dims)
    throw new BunrakuError("MODEL", `model: ${role} "${name}" has no shape; export the model with static shapes.`);
  return { name, type, dims };
}

function decodeShape(bytes: Uint8Array, what: string): number[] {
  const dims: number[] = [];
  for (const field of protobufFields(bytes)) {
    if (field.number !== 1) continue;
    let size: number | undefined;
    let symbol = "?";
    for (const part of protobufFields(field.bytes())) {
      if (part.number === 1) size = part.integer();
      if (part.number === 2) symbol = part.text();
    }
    if (size === undefined) {
      throw new BunrakuError(
        "MODEL",
        `model: ${what} has a dynamic dim "${symbol}" on axis ${dims.length}; export the model with static shapes.`,
      );
    }
    pushDims(dims, [size], what);
  }
  return dims;
}

function pushDims(dims: number[], more: readonly number[], what: string): void {
  if (dims.length + more.length > maxRank)
    throw new BunrakuError("MODEL", `model: ${what} has more than ${maxRank} dims.`);
  for (const dim of more) {
    if (dim < 0) throw new BunrakuError("MODEL", `model: ${what} has a dim of ${dim}; dims must be at least 0.`);
    dims.push(dim);
  }
}

function dtypeOf(onnx: number, what: string): DType {
  const type = dtypes.get(onnx);
  if (type) return type;
  throw new BunrakuError(
    "MODEL",
    `model: ${what} has element type ${onnx} of ONNX; known are ${[...dtypes].map(([number, name]) => `${number} (${name})`).join(", ")}.`,
  );
}
