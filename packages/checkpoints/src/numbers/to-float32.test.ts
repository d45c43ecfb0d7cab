import { expect, test } from "vitest";
import { toFloat32 } from "./to-float32.ts";

const raw = (array: ArrayBufferView) => new Uint8Array(array.buffer);

test.each([
  { type: "float32", bytes: raw(Float32Array.of(1.5, -2)), values: [1.5, -2] },
  { type: "float64", bytes: raw(Float64Array.of(1.5, 0.1)), values: [1.5, Math.fround(0.1)] },
  { type: "float16", bytes: raw(Uint16Array.of(0x3c00, 0xc000)), values: [1, -2] },
  { type: "bfloat16", bytes: raw(Uint16Array.of(0x3f80, 0xc040)), values: [1, -3] },
  { type: "int64", bytes: raw(BigInt64Array.of(7n, -9n)), values: [7, -9] },
  { type: "int32", bytes: raw(Int32Array.of(70_000, -1)), values: [70_000, -1] },
  { type: "int16", bytes: raw(Int16Array.of(300, -1)), values: [300, -1] },
  { type: "int8", bytes: raw(Int8Array.of(7, -1)), values: [7, -1] },
  { type: "uint8", bytes: Uint8Array.of(0, 255), values: [0, 255] },
  { type: "bool", bytes: Uint8Array.of(0, 1), values: [0, 1] },
] as const)("$type becomes float32", ({ type, bytes, values }) => {
  expect([...toFloat32(bytes, type)]).toEqual([...values]);
});

test("float32 at an odd address is copied", () => {
  const odd = new Uint8Array(9);
  odd.set(raw(Float32Array.of(1.5, -2)), 1);
  expect([...toFloat32(odd.subarray(1), "float32")]).toEqual([1.5, -2]);
});
