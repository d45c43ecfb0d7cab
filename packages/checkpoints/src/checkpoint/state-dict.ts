import { sizeOf, tensor } from "@bunraku/backends";
import { modelError, quoted } from "../model-error.ts";
import { elementBytes } from "../numbers/element-type.ts";
import { toFloat32 } from "../numbers/to-float32.ts";
import type { TensorRef } from "../pickle/values.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { readExactly } from "../source/read-exactly.ts";
import { requireFinite } from "../tensors/require-finite.ts";
import { gather, isContiguous, type StridedLayout, stridedLayout } from "../tensors/strided-layout.ts";
import type { StateDict, TensorEntry } from "../tensors/tensor-entry.ts";
import type { Archive } from "./archive.ts";
import type { ModuleRefs } from "./modules.ts";

/** The entries of a module, each checked against its storage; no data is read. @throws `MODEL` */
export function stateDict(source: ByteSource, archive: Archive, refs: ModuleRefs): StateDict {
  // Reading a tensor costs its span: thousands of sparse views of one large storage would keep the process busy.
  let sparse = 0;
  return [...refs].map(([name, ref]) => {
    const layout = stridedLayout(source.name, quoted(name), ref);
    archive.check(ref.storage);
    sparse += Math.max(0, layout.span - layout.count);
    if (sparse > source.size + 65_536) {
      throw modelError(
        source.name,
        `tensor ${quoted(name)}: up to here tensors skip ${sparse} elements between theirs, more than a file of ` +
          `${source.size} bytes can mean. It is damaged or made to mislead.`,
      );
    }
    return entry(source, archive, name, ref, layout);
  });
}

/**
 * Checks that modules are not larger than their file: a tensor with stride 0 can have any size, and a thousand tensors
 * can share one storage.
 *
 * @throws `MODEL`
 */
export function requireRoom(source: ByteSource, modules: Iterable<StateDict>): void {
  // One element for each byte of the file: four times what float32 takes, so shared weights have room.
  const most = source.size + 65_536;
  let elements = 0;
  for (const entries of modules) {
    for (const { name, dims } of entries) {
      elements += sizeOf(dims);
      if (elements > most) {
        throw modelError(
          source.name,
          `tensor ${quoted(name)} [${dims.join(", ")}]: up to here the tensors have ${elements} elements, ` +
            `more than a file of ${source.size} bytes can mean. It is damaged or made to mislead.`,
        );
      }
    }
  }
}

function entry(source: ByteSource, archive: Archive, name: string, ref: TensorRef, layout: StridedLayout): TensorEntry {
  const { type } = ref.storage;
  const bytesEach = elementBytes[type];
  return {
    name,
    dims: layout.dims,
    dtype: type,
    async load({ allowNonFinite = false, signal } = {}) {
      signal?.throwIfAborted();
      const start = await archive.locate(ref.storage);
      const what = `tensor ${quoted(name)}`;
      const bytes = await readExactly(source, start + layout.offset * bytesEach, layout.span * bytesEach, what);
      signal?.throwIfAborted();
      const elements = toFloat32(bytes, type);
      const data = isContiguous(layout) ? elements : gather(elements, layout);
      if (!allowNonFinite) requireFinite(data, source.name, quoted(name));
      return tensor("float32", data, layout.dims);
    },
  };
}
