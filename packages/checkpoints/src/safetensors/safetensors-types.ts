import type { ElementType } from "../numbers/element-type.ts";

/** The element types of the format that are read. Left out: unsigned integers above 8 bits, 8-bit floats. */
export const safetensorsTypes: ReadonlyMap<unknown, ElementType> = new Map<unknown, ElementType>([
  ["F32", "float32"],
  ["F16", "float16"],
  ["BF16", "bfloat16"],
  ["F64", "float64"],
  ["I64", "int64"],
  ["I32", "int32"],
  ["I16", "int16"],
  ["I8", "int8"],
  ["U8", "uint8"],
  ["BOOL", "bool"],
]);

/** The key that is not a tensor. */
export const METADATA = "__metadata__";

/** The header's length comes first, as an unsigned 64-bit integer. */
export const LENGTH_BYTES = 8;
