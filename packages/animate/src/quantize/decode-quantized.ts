import { BunrakuError, tensor } from "@bunraku/backends";
import type { Safetensors, StateDict } from "@bunraku/checkpoints";
import { quantizationKey, scaleSuffix } from "./file-names.ts";
import { parseQuantization } from "./parse-quantization.ts";
import type { Quantization } from "./quantization.ts";

/**
 * Reads what `encodeQuantized` writes: weights that load as float32, whatever they are in the file, and how the model computes.
 *
 * @throws `MODEL`
 */
export function decodeQuantized(
  { metadata, entries }: Safetensors,
  name: string,
): { readonly entries: StateDict; readonly quantization: Quantization } {
  const quantization = parseQuantization(metadata.get(quantizationKey), name);
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

function multiplyRows(integers: Float32Array, factors: Float32Array): Float32Array {
  const row = integers.length / factors.length;
  return integers.map((integer, i) => integer * factors[Math.floor(i / row)]!);
}
