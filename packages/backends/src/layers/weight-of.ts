import type { Weights } from "../contract/backend.ts";
import { BunrakuError } from "../contract/error.ts";
import { type Tensor, tensor } from "../contract/tensor.ts";

/**
 * The weight called `name`.
 *
 * @param dims What the architecture needs; -1 stands for any size.
 * @throws `MODEL` when it is missing or has other dims.
 */
export function weightOf(weights: Weights, name: string, dims: readonly number[]): Tensor<"float32"> {
  const weight = weights.get(name);
  const wanted = `[${dims.map((dim) => (dim < 0 ? "any" : dim)).join(", ")}]`;
  if (!weight) throw new BunrakuError("MODEL", `weights: "${name}" ${wanted} is missing.`);
  if (weight.dims.length !== dims.length || weight.dims.some((dim, axis) => dims[axis]! >= 0 && dims[axis] !== dim)) {
    throw new BunrakuError(
      "MODEL",
      `weights: "${name}" must be ${wanted}, got [${weight.dims.join(", ")}]. Do checkpoint and configuration belong together?`,
    );
  }
  return weight;
}

/** The weights whose names begin with `prefix`, without it. A view: nothing is copied. */
export function scoped(weights: Weights, prefix: string): Weights {
  const inside = new Map<string, Tensor<"float32">>();
  for (const [name, weight] of weights) if (name.startsWith(prefix)) inside.set(name.slice(prefix.length), weight);
  return inside;
}

/**
 * Weights of 3-D convolutions of depth 1, `[O, I, 1, k, k]`, as the 2-D convolutions that they are, `[O, I, k, k]`. A
 * view: nothing is copied, and other weights pass through.
 *
 * @see spec 1M
 */
export function withoutDepth(weights: Weights): Weights {
  const flat = new Map<string, Tensor<"float32">>();
  for (const [name, weight] of weights) {
    const [outputs, inputs, depth, height, width] = weight.dims;
    const squeeze = weight.dims.length === 5 && depth === 1;
    flat.set(name, squeeze ? tensor("float32", weight.data, [outputs!, inputs!, height!, width!]) : weight);
  }
  return flat;
}
