import type { DType } from "../contract/tensor.ts";
import type { Attribute } from "./graph.ts";

const comparisons = new Set(["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Not", "And", "Or", "IsNaN"]);
const indices = new Set(["Shape", "ArgMax", "ArgMin", "NonZero", "Size"]);
const castTypes = new Map<Attribute | undefined, DType>([
  [1, "float32"],
  [2, "uint8"],
  [3, "int8"],
  [6, "int32"],
  [7, "int64"],
  [9, "bool"],
]);

/** The type of what a node gives, from the types of what it reads: operators that compute or move keep the first's. */
export function valueType(
  op: string,
  inputs: readonly (DType | undefined)[],
  attributes: Readonly<Record<string, Attribute>>,
): DType {
  if (op === "DequantizeLinear") return "float32";
  if (op === "QuantizeLinear") return inputs[2] ?? "uint8";
  if (op === "Cast") return castTypes.get(attributes.to) ?? "float32";
  if (comparisons.has(op)) return "bool";
  if (indices.has(op)) return "int64";
  return (op === "Where" ? inputs[1] : inputs[0]) ?? "float32";
}
