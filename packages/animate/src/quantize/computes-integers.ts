import type { Backend } from "@bunraku/backends";

/**
 * Whether a backend has kernels for 8-bit integers: onnxruntime on processors, native or as wasm. Others would compute the
 * same in floats, with steps in between; they take an int8 variant as a small file, and compute as they do.
 */
export function computesIntegers({ gpu, report }: Backend): boolean {
  const [first] = report?.providers ?? [];
  return gpu === undefined && (first === "cpu" || first === "wasm");
}
