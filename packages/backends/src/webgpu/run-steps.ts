import type { Values } from "../contract/backend.ts";
import { type Tensor, tensor } from "../contract/tensor.ts";
import { deviceTensor } from "./gpu-tensor.ts";
import { Held } from "./held.ts";
import type { NativeGraph, NativeKernel, NativeSession } from "./native-graph.ts";
import { readBack } from "./read-back.ts";
import { type Ort, refusal } from "./runtime.ts";

/** What a run wants. */
export interface RunRequest {
  readonly feeds: Values;
  /** Names of outputs, each once. */
  readonly outputs: readonly string[];
  /** Those that may stay on the device. */
  readonly keep: ReadonlySet<string>;
  /** Where each output comes from. */
  readonly sources: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs the steps that the outputs need, on one queue, and brings to the CPU what must be there: all in one read-back.
 *
 * @returns Values owned by the caller.
 */
export async function runSteps(native: NativeGraph, ort: Ort, request: RunRequest): Promise<Record<string, Tensor>> {
  const { feeds, outputs, sources, signal } = request;
  const values = new Map<string, Held>(native.constants);
  const given = Object.entries(feeds).map(([name, value]) => {
    const held = Held.borrow(value);
    values.set(name, held);
    return held;
  });
  const wanted = new Set(outputs.map((name) => sources.get(name)!));
  const made: Held[] = [];
  try {
    for (const { step, names } of neededSteps(native.steps, wanted)) {
      signal?.throwIfAborted();
      const results =
        "runner" in step ? runKernel(native, step, values) : await runSession(native, ort, step, names, values);
      for (const [name, held] of results) {
        values.set(name, held);
        made.push(held);
      }
    }
    return await handOver(native, request, values);
  } finally {
    for (const held of [...made, ...given]) held[Symbol.dispose]();
  }
}

type Step = NativeSession | NativeKernel;

/** Steps that lead to the wanted values, and what each of them has to give. */
function neededSteps(steps: readonly Step[], wanted: ReadonlySet<string>): { step: Step; names: string[] }[] {
  const needed = new Set(wanted);
  const found: { step: Step; names: string[] }[] = [];
  for (const step of [...steps].reverse()) {
    const outputs = "runner" in step ? step.outputs : step.graph.outputs;
    const names = outputs.map(({ name }) => name).filter((name) => needed.has(name));
    if (names.length === 0) continue;
    for (const input of "runner" in step ? step.inputs : step.graph.inputs.map(({ name }) => name)) needed.add(input);
    found.push({ step, names });
  }
  return found.reverse();
}

function runKernel(native: NativeGraph, step: NativeKernel, values: ReadonlyMap<string, Held>): [string, Held][] {
  const { device } = native.gpu;
  const inputs = step.inputs.map((name) => (name === "" ? undefined : values.get(name)!.toDevice(native.gpu.pool)));
  const outputs = step.outputs.map(({ dims }) => native.gpu.pool.take(dims));
  const encoder = device.createCommandEncoder();
  step.runner.encode(encoder, inputs, outputs);
  device.queue.submit([encoder.finish()]);
  return step.outputs.map(({ name }, at) => [name, Held.own(outputs[at]!, outputs[at]!.free)]);
}

async function runSession(
  native: NativeGraph,
  ort: Ort,
  { graph, session, onGpu }: NativeSession,
  names: readonly string[],
  values: ReadonlyMap<string, Held>,
): Promise<[string, Held][]> {
  const feeds: Record<string, InstanceType<Ort["Tensor"]>> = {};
  for (const { name } of graph.inputs) feeds[name] = await values.get(name)!.toOrt(ort, onGpu, native.gpu);
  // The runtime writes into memory of ours: what it allocates itself is gone with its session.
  const memory = new Map(
    graph.outputs
      .filter(({ name, type }) => onGpu && type === "float32" && names.includes(name))
      .map(({ name, dims }) => [name, native.gpu.pool.take(dims)]),
  );
  const fetches = Object.fromEntries(
    names.map((name) => {
      const array = memory.get(name);
      const tensor =
        array && ort.Tensor.fromGpuBuffer(array.buffer as never, { dataType: "float32", dims: array.dims });
      return [name, tensor ?? null];
    }),
  );
  try {
    const results = await session.run(feeds, fetches as never);
    return names.map((name) => {
      const array = memory.get(name);
      return [name, array ? Held.own(array, array.free) : Held.fromOrt(results[name]! as never)];
    });
  } catch (cause) {
    for (const { free } of memory.values()) free();
    throw refusal("the run failed", cause);
  }
}

/** Makes the caller's tensors: kept ones as they are, all others by one read-back. */
async function handOver(
  { gpu: { device, pool } }: NativeGraph,
  { outputs, keep, sources }: RunRequest,
  values: ReadonlyMap<string, Held>,
): Promise<Record<string, Tensor>> {
  const result: Record<string, Tensor> = {};
  const toRead: { name: string; held: Held }[] = [];
  const given = new Set<Held>();
  for (const name of outputs) {
    const held = values.get(sources.get(name)!)!;
    const onCpu = held.toCpu();
    if (onCpu) result[name] = onCpu;
    else if (!keep.has(name) || !held.owned || given.has(held)) toRead.push({ name, held });
    else {
      given.add(held);
      result[name] = deviceTensor(device, held.toDevice(pool).buffer, held.dims, held.release());
    }
  }
  const arrays = await readBack(
    device,
    toRead.map(({ held }) => held.toDevice(pool)),
  );
  for (const [at, { name, held }] of toRead.entries()) result[name] = tensor("float32", arrays[at]!, held.dims);
  return result;
}
