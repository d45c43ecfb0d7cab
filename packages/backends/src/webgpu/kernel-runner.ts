import { BunrakuError } from "../contract/error.ts";
import type { Shape } from "../contract/tensor.ts";
import { sizeOf } from "../contract/tensor.ts";
import type { CommandEncoder, Device, DeviceBuffer } from "./gpu-types.ts";
import type { KernelPass, KernelPlan } from "./kernel.ts";

/** A float32 array on a device, borrowed. It may be smaller than its buffer. */
export interface DeviceArray {
  readonly buffer: DeviceBuffer;
  readonly dims: Shape;
}

/** Usage of buffers that kernels and sessions share. Numbers, because Node has the names only once a GPU was made. */
export const storageUsage = 0x80 | 0x04 | 0x08; // STORAGE | COPY_SRC | COPY_DST

/**
 * A kernel's plan, compiled for a device: pipelines and scratch memory, to be dispatched any number of times.
 *
 * Dispatches on one queue are ordered, so scratch memory serves all of them.
 */
export interface KernelRunner extends Disposable {
  /** Records the plan's passes; inputs and outputs are borrowed until the commands have run. */
  encode(encoder: CommandEncoder, inputs: readonly (DeviceArray | undefined)[], outputs: readonly DeviceArray[]): void;
}

/**
 * Compiles a plan.
 *
 * @throws `BACKEND_UNAVAILABLE` with what the shader compiler says, and the line
 */
export async function createKernelRunner(device: Device, plan: KernelPlan): Promise<KernelRunner> {
  const pipelines = await Promise.all(plan.passes.map((pass) => compile(device, pass)));
  const scratch = (plan.scratch ?? []).map((floats) =>
    device.createBuffer({ size: 4 * Math.max(1, floats), usage: storageUsage }),
  );
  return {
    encode(encoder, inputs, outputs) {
      const pass = encoder.beginComputePass();
      for (const [index, { bindings, workgroups }] of plan.passes.entries()) {
        const pipeline = pipelines[index]!;
        const entries = bindings.map((binding, at) => ({ binding: at, resource: resourceOf(binding) }));
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
        pass.dispatchWorkgroups(...workgroups);
      }
      pass.end();

      function resourceOf(binding: KernelPass["bindings"][number]): GPUBufferBinding {
        if ("scratch" in binding) return { buffer: scratch[binding.scratch]! };
        const array = "input" in binding ? inputs[binding.input]! : outputs[binding.output]!;
        // Runtimes round buffers up, so the size is said.
        return { buffer: array.buffer, offset: 0, size: 4 * sizeOf(array.dims) };
      }
    },
    [Symbol.dispose]() {
      for (const buffer of scratch) buffer.destroy();
    },
  };
}

/** Compiled asynchronously: in browsers the page goes on meanwhile. */
async function compile(device: Device, { wgsl }: KernelPass): Promise<GPUComputePipeline> {
  device.pushErrorScope("validation"); // else the error is on the console, too
  const module = device.createShaderModule({ code: wgsl });
  const scope = device.popErrorScope();
  const { messages } = await module.getCompilationInfo();
  await scope;
  const error = messages.find(({ type }) => type === "error");
  if (error) {
    const line = wgsl.split("\n")[error.lineNum - 1]?.trim();
    throw new BunrakuError("BACKEND_UNAVAILABLE", `kernel: its shader is refused: ${error.message} in: ${line}`);
  }
  return device.createComputePipelineAsync({ layout: "auto", compute: { module, entryPoint: "main" } });
}
