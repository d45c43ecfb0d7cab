import { BunrakuError } from "../contract/error.ts";
import type { Shape } from "../contract/tensor.ts";
import { BufferPool } from "./buffer-pool.ts";
import type { Device } from "./gpu-types.ts";
import type { GpuKernel, KernelSite, SiteValue } from "./kernel.ts";
import { createKernelRunner } from "./kernel-runner.ts";
import { readBack } from "./read-back.ts";

/** Values for one run of a kernel: dims and elements. */
export interface KernelValue {
  readonly dims: Shape;
  readonly data: Float32Array;
}

/**
 * Runs a kernel once, on values from the CPU and back to it: for tests, and for using one operation without a graph.
 *
 * @param inputs A `constant` is for the plan to read, and is not bound unless there is `data`, too.
 * @param outputs dims of what comes out
 * @throws `UNSUPPORTED` when the kernel does not do this case
 */
export async function runKernel(
  device: Device,
  kernel: GpuKernel,
  inputs: readonly (KernelValue | SiteValue | undefined)[],
  outputs: readonly Shape[],
  attributes: KernelSite["attributes"] = {},
): Promise<Float32Array[]> {
  const site = {
    inputs: inputs.map(
      (input) => input && { dims: input.dims, ...("constant" in input && { constant: input.constant }) },
    ),
    outputs: outputs.map((dims) => ({ dims })),
    attributes,
  };
  const plan = kernel.plan(site);
  if (!plan) {
    const given = inputs.map((input) => (input ? `[${input.dims.join(", ")}]` : "nothing")).join(", ");
    throw new BunrakuError("UNSUPPORTED", `kernel ${kernel.op}: it does not do this case; inputs were ${given}.`);
  }
  using runner = await createKernelRunner(device, plan);
  using pool = new BufferPool(device);
  const reads = inputs.map((input) => (input && "data" in input ? pool.upload(input.data, input.dims) : undefined));
  const writes = outputs.map((dims) => pool.take(dims));
  const encoder = device.createCommandEncoder();
  runner.encode(encoder, reads, writes);
  device.queue.submit([encoder.finish()]);
  return await readBack(device, writes);
}
