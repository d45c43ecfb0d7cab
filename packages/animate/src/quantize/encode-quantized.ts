import { type Tensor, tensor } from "@bunraku/backends";
import { type NamedTensor, writeSafetensors } from "@bunraku/checkpoints";
import type { ModelWeights } from "../models/architecture.ts";
import { quantizationKey, scaleSuffix } from "./file-names.ts";
import type { Quantization } from "./quantization.ts";

/** The largest float16. */
const largestHalf = 65504;

/**
 * The weights of a model as a safetensors file: signed bytes with a scale per output channel for those that compute in
 * integers, half precision for the rest, and the ranges of activations.
 *
 * @param weights borrowed
 * @param integers which weights are bytes, as arrays of `weights`
 * @returns owned by the caller
 */
export function encodeQuantized(
  weights: ModelWeights,
  quantization: Quantization,
  integers: ReadonlySet<unknown>,
): Uint8Array {
  const all = Object.entries(weights).flatMap(([module, tensors]) =>
    [...tensors].map(([name, weight]) => ({ name: `${module}.${name}`, tensor: weight })),
  );
  const files = all.flatMap(({ name, tensor: weight }): NamedTensor[] => {
    if (integers.has(weight.data)) return asBytes(name, weight);
    const fits = weight.data.every((value) => Math.abs(value) <= largestHalf);
    return [{ name, tensor: weight, dtype: fits ? "F16" : "F32" }];
  });
  // Larger elements first, so that all can be read in place.
  const rank = ({ tensor, dtype }: NamedTensor) => (tensor.type === "int8" ? 2 : dtype === "F16" ? 1 : 0);
  files.sort((a, b) => rank(a) - rank(b));
  return writeSafetensors(files, {
    metadata: { [quantizationKey]: JSON.stringify({ version: 1, graphs: quantization }) },
  });
}

/** Symmetric: 127 is the largest weight of each output channel. */
function asBytes(name: string, { data, dims }: Tensor<"float32">): NamedTensor[] {
  const channels = dims[0]!;
  const row = data.length / channels;
  const scales = new Float32Array(channels);
  const bytes = new Int8Array(data.length);
  for (let c = 0; c < channels; c++) {
    let largest = 0;
    for (let i = c * row; i < (c + 1) * row; i++) largest = Math.max(largest, Math.abs(data[i]!));
    scales[c] = largest / 127 || 1;
    for (let i = c * row; i < (c + 1) * row; i++) bytes[i] = Math.round(data[i]! / scales[c]!);
  }
  return [
    { name, tensor: tensor("int8", bytes, dims) },
    { name: `${name}${scaleSuffix}`, tensor: tensor("float32", scales, [channels]), dtype: "F32" },
  ];
}
