import { modelError } from "../model-error.ts";
import { pickleLimits } from "../pickle/limits.ts";
import type { PickleValue } from "../pickle/values.ts";
import { TensorRef } from "../pickle/values.ts";

/** Named tensors of one network, as the pickle describes them. */
export type ModuleRefs = ReadonlyMap<string, TensorRef>;

/**
 * The state dictionaries among the top-level values, by name: dictionaries that hold tensors themselves.
 *
 * Optimizers hold theirs a level deeper and are left alone. Tensors at the top level are one more, named "".
 *
 * @throws `MODEL` when one dictionary stands under so many names that looking through them would take hours
 */
export function findModules(root: ReadonlyMap<PickleValue, PickleValue>, file: string): Map<string, ModuleRefs> {
  const modules = new Map<string, ModuleRefs>();
  const bare = tensorsOf(root);
  if (bare.size > 0) modules.set("", withoutPrefix(bare));
  let looked = 0;
  for (const [name, value] of root) {
    if (typeof name !== "string" || !(value instanceof Map)) continue;
    looked += value.size;
    if (looked > pickleLimits.operations) {
      throw modelError(
        file,
        `wanted at most ${pickleLimits.operations} values in all modules, got more. No checkpoint is like that.`,
      );
    }
    const tensors = tensorsOf(value);
    if (tensors.size > 0) modules.set(name, withoutPrefix(tensors));
  }
  return modules;
}

/** What training noted next to the weights: epoch, iteration. */
export function findScalars(root: ReadonlyMap<PickleValue, PickleValue>): Map<string, number | string | boolean> {
  const scalars = new Map<string, number | string | boolean>();
  for (const [name, value] of root) {
    if (typeof name !== "string") continue;
    if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") scalars.set(name, value);
  }
  return scalars;
}

function tensorsOf(values: ReadonlyMap<PickleValue, PickleValue>): Map<string, TensorRef> {
  const tensors = new Map<string, TensorRef>();
  for (const [name, value] of values) {
    if (typeof name === "string" && value instanceof TensorRef) tensors.set(name, value);
  }
  return tensors;
}

/** Data-parallel training saves every name with "module." in front. */
function withoutPrefix(tensors: Map<string, TensorRef>): ModuleRefs {
  const prefix = "module.";
  for (const name of tensors.keys()) if (!name.startsWith(prefix)) return tensors;
  return new Map([...tensors].map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
