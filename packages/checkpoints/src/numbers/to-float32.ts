import { halfToFloat } from "@bunraku/backends/onnx";
import { type ElementType, elementBytes } from "./element-type.ts";

/**
 * Little-endian bytes of any element type as float32.
 *
 * Integers above 2^24 and the last digits of float64 are rounded. float32 bytes that are aligned are taken over, not
 * copied: the result then owns `bytes`.
 */
export function toFloat32(bytes: Uint8Array, type: ElementType): Float32Array {
  const count = bytes.length / elementBytes[type];
  if (type === "float32" && bytes.byteOffset % 4 === 0) {
    return new Float32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, count);
  }
  const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const to = new Float32Array(count);
  switch (type) {
    case "float32":
      for (let i = 0; i < count; i++) to[i] = from.getFloat32(4 * i, true);
      break;
    case "float64":
      for (let i = 0; i < count; i++) to[i] = from.getFloat64(8 * i, true);
      break;
    case "float16":
      for (let i = 0; i < count; i++) to[i] = halfToFloat(from.getUint16(2 * i, true));
      break;
    case "bfloat16": {
      const bits = new Uint32Array(to.buffer); // the upper half of a float32
      for (let i = 0; i < count; i++) bits[i] = from.getUint16(2 * i, true) << 16;
      break;
    }
    case "int64":
      for (let i = 0; i < count; i++) to[i] = Number(from.getBigInt64(8 * i, true));
      break;
    case "int32":
      for (let i = 0; i < count; i++) to[i] = from.getInt32(4 * i, true);
      break;
    case "int16":
      for (let i = 0; i < count; i++) to[i] = from.getInt16(2 * i, true);
      break;
    case "int8":
      for (let i = 0; i < count; i++) to[i] = from.getInt8(i);
      break;
    case "uint8":
    case "bool":
      to.set(bytes);
      break;
  }
  return to;
}
