import type { Tensor } from "@bunraku/backends";
import { isFloating } from "../numbers/element-type.ts";
import type { LoadTensorOptions, StateDict } from "./tensor-entry.ts";

export interface LoadWeightsOptions extends LoadTensorOptions {
  /** Which tensors to read. @default all */
  readonly filter?: (name: string) => boolean;
}

/**
 * Reads the weights of a network as float32, in state-dict order.
 *
 * Integer tensors (`num_batches_tracked`) are left out: inference does not use them.
 *
 * @returns Named tensors, owned by the caller.
 * @throws `MODEL`, `FILE`, `signal.reason`, see `TensorEntry.load`
 * @example const detector = await loadWeights(checkpoint.modules.get("kp_detector")!);
 */
export async function loadWeights(
  entries: StateDict,
  { filter = () => true, ...options }: LoadWeightsOptions = {},
): Promise<Map<string, Tensor<"float32">>> {
  const weights = new Map<string, Tensor<"float32">>();
  for (const entry of entries) {
    options.signal?.throwIfAborted();
    if (isFloating(entry.dtype) && filter(entry.name)) weights.set(entry.name, await entry.load(options));
  }
  return weights;
}
