import type { TensorSpec } from "@bunraku/backends/layers";
import type { NamedDims } from "./module-tensors.ts";

/** How the tensors of a module differ from what an architecture asks for. */
export interface TensorDifferences {
  readonly missing: readonly TensorSpec[];
  /** Neither needed nor computed from the configuration. */
  readonly extra: readonly NamedDims[];
  readonly otherDims: readonly {
    readonly name: string;
    readonly wanted: readonly number[];
    readonly got: readonly number[];
  }[];
}

/**
 * Compares a module's tensors with those of an architecture.
 *
 * Left out are counters of batch norms and the kernels `down.weight`: they are in official files, and nothing reads them.
 */
export function tensorDifferences(specs: readonly TensorSpec[], tensors: readonly NamedDims[]): TensorDifferences {
  const found = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const wanted = new Set(specs.map(({ name }) => name));
  return {
    missing: specs.filter(({ name }) => !found.has(name)),
    extra: tensors
      .filter(({ name }) => !wanted.has(name) && !isIgnored(name))
      .map(({ name, dims }) => ({ name, dims })),
    otherDims: specs.flatMap(({ name, dims }) => {
      const got = found.get(name)?.dims;
      return got && !sameDims(dims, got) ? [{ name, wanted: dims, got }] : [];
    }),
  };
}

/** How many tensors differ. */
export function differenceCount({ missing, extra, otherDims }: TensorDifferences): number {
  return missing.length + extra.length + otherDims.length;
}

export function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

function isIgnored(name: string): boolean {
  return /(^|\.)(num_batches_tracked|down\.weight)$/.test(name);
}
