import { sizeOf } from "@bunraku/backends";
import type { NamedDims } from "./module-tensors.ts";

/**
 * The tensors that training changes. Running statistics, counters, fixed kernels and what spectral norm keeps beside
 * `weight_orig` are none.
 */
export function parametersOf<T extends NamedDims>(tensors: readonly T[]): T[] {
  const normalised = new Set(
    tensors.filter(({ name }) => name.endsWith(".weight_orig")).map(({ name }) => name.slice(0, -"_orig".length)),
  );
  return tensors.filter(({ name }) => {
    if (/(^|\.)(running_mean|running_var|num_batches_tracked|down\.weight|weight_u|weight_v)$/.test(name)) return false;
    return !normalised.has(name);
  });
}

/** How many numbers training changes. */
export function parameterCount(tensors: readonly NamedDims[]): number {
  return parametersOf(tensors).reduce((sum, { dims }) => sum + sizeOf(dims), 0);
}
