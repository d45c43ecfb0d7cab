import { sizeOf } from "../contract/tensor.ts";
import type { KernelPlan, KernelSite } from "./kernel.ts";

/** What every WebGPU device grants without being asked: workgroups per dimension of a dispatch, bytes of a binding. */
const [mostWorkgroups, mostBytes] = [65_535, 128 * 2 ** 20];

/**
 * A kernel's plan, if any WebGPU device can run it; `undefined` for values that are too large, or empty.
 *
 * @see WebGPU, "Limits": maxComputeWorkgroupsPerDimension, maxStorageBufferBindingSize
 */
export function withinLimits({ inputs, outputs }: KernelSite, plan: KernelPlan): KernelPlan | undefined {
  const sizes = [...inputs, ...outputs].flatMap((value) => (value ? [sizeOf(value.dims)] : []));
  const fits = (floats: number) => floats > 0 && 4 * floats <= mostBytes;
  if (![...sizes, ...(plan.scratch ?? [])].every(fits)) return undefined;
  return plan.passes.every(({ workgroups }) => workgroups.every((count) => count <= mostWorkgroups)) ? plan : undefined;
}
