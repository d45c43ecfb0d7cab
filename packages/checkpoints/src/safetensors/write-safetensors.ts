import { BunrakuError, type Tensor } from "@bunraku/backends";
import { floatToHalf, HALF_INFINITY } from "@bunraku/backends/onnx";
import { quoted } from "../model-error.ts";
import { LENGTH_BYTES, METADATA } from "./safetensors-types.ts";

export interface NamedTensor {
  readonly name: string;
  /** On the CPU. */
  readonly tensor: Tensor<"float32">;
}

export interface WriteSafetensorsOptions {
  /** The type in the file. F16 halves it and rounds to nearest even. @default "F32" */
  readonly dtype?: "F32" | "F16";
  /** Strings to keep with the tensors: where they come from, their licence. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes tensors as a safetensors file, in the order given. Borrows them.
 *
 * @returns The file's bytes, owned by the caller.
 * @throws `MODEL` when a value is not finite, or too large for F16; `OPTION` for a name given twice or reserved;
 * `NOT_ON_CPU`, `DISPOSED`
 * @example await writeFile("weights.safetensors", writeSafetensors([{ name: "first.conv.weight", tensor }], { dtype: "F16" }));
 */
export function writeSafetensors(
  tensors: Iterable<NamedTensor>,
  { dtype = "F32", metadata }: WriteSafetensorsOptions = {},
): Uint8Array {
  const all = [...tensors];
  const header = headerBytes(all, dtype, metadata);
  const bytesEach = dtype === "F32" ? 4 : 2;
  const elements = all.reduce((sum, { tensor }) => sum + tensor.data.length, 0);
  const file = new Uint8Array(LENGTH_BYTES + header.length + elements * bytesEach);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, LENGTH_BYTES);
  let position = LENGTH_BYTES + header.length;
  for (const { name, tensor } of all) {
    const { data } = tensor;
    if (dtype === "F32") writeFloats(new Float32Array(file.buffer, position, data.length), data, name);
    else writeHalves(new Uint16Array(file.buffer, position, data.length), data, name);
    position += data.length * bytesEach;
  }
  return file;
}

function headerBytes(
  tensors: readonly NamedTensor[],
  dtype: string,
  metadata: Readonly<Record<string, string>> | undefined,
): Uint8Array {
  const seen = new Set<string>();
  const fields: string[] = [];
  // Written field by field: in an object, a tensor named "__proto__" would be lost, and "1" would change places.
  const add = (name: string, value: unknown) => fields.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  if (metadata) add(METADATA, metadata);
  let position = 0;
  for (const { name, tensor } of tensors) {
    if (name === METADATA || seen.has(name)) {
      const reason = seen.has(name) ? "is given twice" : "is reserved by the format";
      throw new BunrakuError("OPTION", `writeSafetensors: the tensor name ${quoted(name)} ${reason}.`);
    }
    seen.add(name);
    const end = position + tensor.data.length * (dtype === "F32" ? 4 : 2);
    add(name, { dtype, shape: tensor.dims, data_offsets: [position, end] });
    position = end;
  }
  const json = new TextEncoder().encode(`{${fields.join(",")}}`);
  // Spaces up to a multiple of 8, so that readers can map the data in place.
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  return padded;
}

function writeFloats(to: Float32Array, from: Float32Array, name: string): void {
  for (let i = 0; i < from.length; i++) {
    if (!Number.isFinite(from[i])) throw notFinite(name, i, from[i]!);
  }
  to.set(from);
}

function writeHalves(to: Uint16Array, from: Float32Array, name: string): void {
  for (let i = 0; i < from.length; i++) {
    const value = from[i]!;
    if (!Number.isFinite(value)) throw notFinite(name, i, value);
    const half = floatToHalf(value);
    if ((half & HALF_INFINITY) === HALF_INFINITY) {
      throw new BunrakuError(
        "MODEL",
        `writeSafetensors: tensor ${quoted(name)}: element ${i} is ${value}, and the largest float16 is 65504. Write it as F32.`,
      );
    }
    to[i] = half;
  }
}

function notFinite(name: string, index: number, value: number): BunrakuError {
  return new BunrakuError(
    "MODEL",
    `writeSafetensors: tensor ${quoted(name)}: element ${index} is ${value}; weights must be finite numbers.`,
  );
}
