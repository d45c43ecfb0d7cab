/** A tensor as far as telling architectures apart needs it. */
export interface NamedDims {
  readonly name: string;
  readonly dims: readonly number[];
}

/** Tensors by module: what `readCheckpoint(file).modules` is. */
export type ModuleTensors<T extends NamedDims = NamedDims> = ReadonlyMap<string, readonly T[]>;

const known = ["generator", "kp_detector", "discriminator"];

/**
 * Modules by name also where they are one flat dictionary, with names such as `generator.first.conv.weight`: that is how a
 * bundle's weights are kept.
 */
export function byModule<T extends NamedDims>(modules: ModuleTensors<T>): ModuleTensors<T> {
  const flat = modules.get("");
  if (!flat?.some(({ name }) => known.includes(moduleOf(name)))) return modules;
  const split = new Map<string, T[]>();
  for (const tensor of flat) {
    const first = moduleOf(tensor.name);
    const module = known.includes(first) ? first : "";
    const list = split.get(module) ?? [];
    list.push(module ? { ...tensor, name: tensor.name.slice(module.length + 1) } : tensor);
    split.set(module, list);
  }
  return split;
}

function moduleOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf(".")));
}

/** A module's dims by name. */
export function dimsOf(tensors: readonly NamedDims[] = []): ReadonlyMap<string, readonly number[]> {
  return new Map(tensors.map(({ name, dims }) => [name, dims]));
}
