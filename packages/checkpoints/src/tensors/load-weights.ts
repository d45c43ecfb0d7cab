import { breathe, type Tensor } from "@bunraku/backends";
import { isFloating } from "../numbers/element-type.ts";
import type { LoadTensorOptions, StateDict } from "./tensor-entry.ts";

export interface LoadWeightsOptions extends LoadTensorOptions {
  /** Which tensors to read. @default all */
  readonly filter?: (name: string) => boolean;
}

/** Elements that are read at a stretch: a few milliseconds. */
const stretch = 2 ** 18;

/**
 * Reads the weights of a network as float32, in state-dict order.
 *
 * Integer tensors (`num_batches_tracked`) are left out: inference does not use them.
 *
 * Lets the event loop go on now and then: a backend may be proving itself meanwhile, and a page wants to be smooth.
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
  let read = 0;
  for (const entry of entries) {
    options.signal?.throwIfAborted();
    if (!isFloating(entry.dtype) || !filter(entry.name)) continue;
    const tensor = await entry.load(options);
    weights.set(entry.name, tensor);
    read += tensor.data.length;
    if (read < stretch) continue;
    read = 0;
    await breathe();
  }
  return weights;
}
