import { BunrakuError, type Tensor, tensor } from "@bunraku/backends";
import { type NamedTensor, type Safetensors, type StateDict, writeSafetensors } from "@bunraku/checkpoints";
import type { ModelWeights } from "../models/architecture.ts";
import { parseQuantization } from "./parse-quantization.ts";
import type { Quantization } from "./quantization.ts";

/** Under which the file says how its model computes. */
const key = "bunraku.quantization";

/** What is appended to a tensor's name for its scales, one per output channel. */
const scaleSuffix = ".scale";

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
  return writeSafetensors(files, { metadata: { [key]: JSON.stringify({ version: 1, graphs: quantization }) } });
}

/**
 * Reads such a file: weights that load as float32, whatever they are in the file, and how the model computes.
 *
 * @throws `MODEL`
 */
export function decodeQuantized(
  { metadata, entries }: Safetensors,
  name: string,
): { readonly entries: StateDict; readonly quantization: Quantization } {
  const quantization = parseQuantization(metadata.get(key), name);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const isScale = (entry: string) =>
    entry.endsWith(scaleSuffix) && byName.get(entry.slice(0, -scaleSuffix.length))?.dtype === "int8";
  const weights = entries
    .filter((entry) => !isScale(entry.name))
    .map((entry) => {
      if (entry.dtype !== "int8") return entry;
      const scales = byName.get(`${entry.name}${scaleSuffix}`);
      const [channels] = entry.dims;
      if (scales?.dims.length !== 1 || scales.dims[0] !== channels) {
        throw new BunrakuError(
          "MODEL",
          `${name}: "${entry.name}" is signed bytes and needs ${channels} scales in "${entry.name}${scaleSuffix}", got ${
            scales ? `[${scales.dims.join(", ")}]` : "nothing"
          }. The file is damaged; quantise the model again.`,
        );
      }
      const load: typeof entry.load = async (options) => {
        const [integers, factors] = [await entry.load(options), await scales.load(options)];
        return tensor("float32", multiplyRows(integers.data, factors.data), entry.dims);
      };
      return { ...entry, dtype: "float32" as const, load };
    });
  return { entries: weights, quantization };
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

function multiplyRows(integers: Float32Array, factors: Float32Array): Float32Array {
  const row = integers.length / factors.length;
  return integers.map((integer, i) => integer * factors[Math.floor(i / row)]!);
}
