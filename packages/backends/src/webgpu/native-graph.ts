import type { InferenceSession } from "onnxruntime-common";
import { tensor } from "../contract/tensor.ts";
import { encodeModel } from "../onnx/encode-model.ts";
import type { Graph } from "../onnx/graph.ts";
import { toFloat16 } from "../onnx/passes/float16/to-float16.ts";
import type { Gpu } from "./gpu.ts";
import { Held } from "./held.ts";
import { createKernelRunner, type KernelRunner } from "./kernel-runner.ts";
import type { GraphStep, KernelStep, Partition } from "./partition.ts";
import { createSession, type Runtime, refusal, sessionOptions } from "./runtime.ts";

/** How the parts of a graph are run. */
export interface Forms {
  readonly half: boolean;
  /** Rewrites around what the runtime gets wrong on this device: same output, other nodes. */
  readonly rewrites: readonly ((graph: Graph) => Graph)[];
}

export interface NativeSession extends Pick<GraphStep, "graph"> {
  readonly session: InferenceSession;
  readonly onGpu: boolean;
}

export interface NativeKernel extends Pick<KernelStep, "inputs" | "outputs"> {
  readonly runner: KernelRunner;
}

/** A partition on a device: sessions, kernels and constants, and the memory they share. */
export interface NativeGraph extends AsyncDisposable {
  readonly gpu: Gpu;
  readonly steps: readonly (NativeSession | NativeKernel)[];
  readonly constants: ReadonlyMap<string, Held>;
}

/**
 * Loads the steps of a partition, one after the other.
 *
 * @param onStep told after each
 */
export async function loadNative(
  { steps, constants }: Partition,
  gpu: Gpu,
  runtime: Runtime,
  forms: Forms,
  { signal, onStep }: { signal?: AbortSignal; onStep?: () => void } = {},
): Promise<NativeGraph> {
  const loaded: (NativeSession | NativeKernel)[] = [];
  const native: NativeGraph = {
    gpu,
    steps: loaded,
    constants: new Map(
      constants.map(({ name, type, dims, data }) => [name, Held.borrow(tensor(type, data as never, dims))]),
    ),
    async [Symbol.asyncDispose]() {
      for (const constant of native.constants.values()) constant[Symbol.dispose]();
      for (const step of loaded) {
        if ("runner" in step) step.runner[Symbol.dispose]();
        // A session of a lost device is not released: the runtime would wait for the device.
        else if (gpu.lost.reason === undefined) await step.session.release();
      }
      gpu.pool.trim();
    },
  };
  try {
    for (const step of steps) {
      signal?.throwIfAborted();
      if ("kernel" in step) {
        const runner = await createKernelRunner(gpu.device, step.plan);
        loaded.push({ runner, inputs: step.inputs, outputs: step.outputs });
      } else {
        loaded.push(await loadSession(step, gpu, runtime, forms));
      }
      onStep?.();
    }
    return native;
  } catch (error) {
    await native[Symbol.asyncDispose]();
    throw error;
  }
}

async function loadSession(
  { graph, onWasm }: GraphStep,
  gpu: Gpu,
  { ort }: Runtime,
  { half, rewrites }: Forms,
): Promise<NativeSession> {
  const onGpu = !onWasm;
  const written = onGpu ? rewrites.reduce((rewritten, rewrite) => rewrite(rewritten), graph) : graph;
  const bytes = encodeModel(onGpu && half ? toFloat16(written) : written);
  try {
    const session = await createSession(ort, bytes, sessionOptions(onGpu ? gpu.device : undefined));
    return { graph, session, onGpu };
  } catch (cause) {
    throw refusal("the graph cannot be loaded", cause);
  }
}
