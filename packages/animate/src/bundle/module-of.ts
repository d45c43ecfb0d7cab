import type { StateDict } from "@bunraku/checkpoints";

/** The tensors of one module of a bundle's file, named as the module names them. */
export function moduleOf(entries: StateDict, module: string): StateDict {
  const prefix = `${module}.`;
  return entries
    .filter((entry) => entry.name.startsWith(prefix))
    .map((entry) => ({
      name: entry.name.slice(prefix.length),
      dims: entry.dims,
      dtype: entry.dtype,
      load: (options) => entry.load(options),
    }));
}
