import { BunrakuError, tensor } from "@bunraku/backends";
import { modelError, quoted } from "../model-error.ts";
import { toFloat32 } from "../numbers/to-float32.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { readExactly } from "../source/read-exactly.ts";
import { requireFinite } from "../tensors/require-finite.ts";
import type { StateDict, TensorEntry } from "../tensors/tensor-entry.ts";
import { type Header, type HeaderEntry, readHeader } from "./read-header.ts";

/** What is in a safetensors file. */
export interface Safetensors {
  /** The strings that the writer left. */
  readonly metadata: ReadonlyMap<string, string>;
  /** The tensors, in the order of the header. */
  readonly entries: StateDict;
}

/**
 * Lists a safetensors file; `loadWeights` reads its tensors. Borrows `source`, also afterwards.
 *
 * @throws `MODEL` when the header is damaged, or the data has overlaps or holes; `FILE`
 * @example const weights = await loadWeights((await readSafetensors(file)).entries);
 */
export async function readSafetensors(source: ByteSource): Promise<Safetensors> {
  if (source.size === 0) {
    throw new BunrakuError(
      "FILE",
      `${source.name}: the file is empty (0 bytes). Its download may have failed; get it again.`,
    );
  }
  const header = await readHeader(source);
  requireTight(source, header);
  return {
    metadata: header.metadata,
    entries: header.entries.map((entry) => tensorEntry(source, entry, header.dataStart)),
  };
}

/** Every byte of the data belongs to one tensor: no room to hide anything, no byte read as two things. */
function requireTight(source: ByteSource, { entries, dataStart }: Header): void {
  let position = 0;
  for (const { name, start, end } of [...entries].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== position) {
      const what = start < position ? "overlaps the tensor before it" : "leaves a hole before it";
      throw modelError(
        source.name,
        `tensor ${quoted(name)} ${what}: it begins at data byte ${start}, wanted ${position}. The file is damaged or made to mislead.`,
      );
    }
    position = end;
  }
  if (dataStart + position !== source.size) {
    throw modelError(
      source.name,
      `its tensors end at byte ${dataStart + position}, and the file at byte ${source.size}. ` +
        "It is damaged or its download was cut short; get it again.",
    );
  }
}

function tensorEntry(
  source: ByteSource,
  { name, dtype, dims, start, end }: HeaderEntry,
  dataStart: number,
): TensorEntry {
  return {
    name,
    dims,
    dtype,
    async load({ allowNonFinite = false, signal } = {}) {
      signal?.throwIfAborted();
      const bytes = await readExactly(source, dataStart + start, end - start, `tensor ${quoted(name)}`);
      signal?.throwIfAborted();
      const data = toFloat32(bytes, dtype);
      if (!allowNonFinite) requireFinite(data, source.name, quoted(name));
      return tensor("float32", data, dims);
    },
  };
}
