import type { Backend } from "@bunraku/backends";

/**
 * Whether a backend is onnxruntime on a processor, native or as wasm: plans are made for it, and it has kernels for 8-bit
 * integers. Others would compute those in floats, with steps in between; they take an int8 variant as a small file, and
 * compute as they do.
 */
export function computesOnProcessor({ gpu, report }: Backend): boolean {
  const [first] = report?.providers ?? [];
  return gpu === undefined && (first === "cpu" || first === "wasm");
}
