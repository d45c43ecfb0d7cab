import { BunrakuError, type Tensor } from "@bunraku/backends";
import { floatToHalf, HALF_INFINITY } from "@bunraku/backends/onnx";
import { quoted } from "../model-error.ts";
import { LENGTH_BYTES, METADATA } from "./safetensors-types.ts";

export interface NamedTensor {
  readonly name: string;
  /** On the CPU. Signed bytes are written as they are: I8. */
  readonly tensor: Tensor<"float32"> | Tensor<"int8">;
  /** Of floats. @default what the options say */
  readonly dtype?: "F32" | "F16";
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
  const all = [...tensors].map((named) => ({ ...named, dtype: typeOf(named, dtype) }));
  const header = headerBytes(all, metadata);
  const bytes = all.reduce((sum, { tensor, dtype }) => sum + tensor.data.length * bytesEach[dtype], 0);
  const file = new Uint8Array(LENGTH_BYTES + header.length + bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, LENGTH_BYTES);
  let position = LENGTH_BYTES + header.length;
  for (const named of all) {
    const elements = elementsOf(named);
    file.set(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength), position);
    position += elements.byteLength;
  }
  return file;
}

type Typed = Omit<NamedTensor, "dtype"> & { readonly dtype: keyof typeof bytesEach };

const bytesEach = { F32: 4, F16: 2, I8: 1 };

function typeOf({ tensor, dtype }: NamedTensor, floats: "F32" | "F16"): Typed["dtype"] {
  return tensor.type === "int8" ? "I8" : (dtype ?? floats);
}

function elementsOf({ tensor, dtype, name }: Typed): Float32Array | Uint16Array | Int8Array {
  const { data } = tensor;
  if (data instanceof Int8Array) return data;
  return dtype === "F16" ? halvesOf(data, name) : finite(data, name);
}

function headerBytes(tensors: readonly Typed[], metadata: Readonly<Record<string, string>> | undefined): Uint8Array {
  const seen = new Set<string>();
  const fields: string[] = [];
  // Written field by field: in an object, a tensor named "__proto__" would be lost, and "1" would change places.
  const add = (name: string, value: unknown) => fields.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  if (metadata) add(METADATA, metadata);
  let position = 0;
  for (const { name, tensor, dtype } of tensors) {
    if (name === METADATA || seen.has(name)) {
      const reason = seen.has(name) ? "is given twice" : "is reserved by the format";
      throw new BunrakuError("OPTION", `writeSafetensors: the tensor name ${quoted(name)} ${reason}.`);
    }
    seen.add(name);
    const end = position + tensor.data.length * bytesEach[dtype];
    add(name, { dtype, shape: tensor.dims, data_offsets: [position, end] });
    position = end;
  }
  const json = new TextEncoder().encode(`{${fields.join(",")}}`);
  // Spaces up to a multiple of 8, so that readers can map the data in place.
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  return padded;
}

function finite(data: Float32Array, name: string): Float32Array {
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) throw notFinite(name, i, data[i]!);
  }
  return data;
}

function halvesOf(from: Float32Array, name: string): Uint16Array {
  const to = new Uint16Array(from.length);
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
  return to;
}

function notFinite(name: string, index: number, value: number): BunrakuError {
  return new BunrakuError(
    "MODEL",
    `writeSafetensors: tensor ${quoted(name)}: element ${index} is ${value}; weights must be finite numbers.`,
  );
}
