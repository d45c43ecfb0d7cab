import type { RunOptions, Session, ValueInfo, Values } from "../contract/backend.ts";
import { checkFeeds } from "../contract/check-feeds.ts";
import { BunrakuError } from "../contract/error.ts";
import { type Tensor, tensor } from "../contract/tensor.ts";
import type { Gpu } from "./gpu.ts";
import { isDeviceTensor } from "./gpu-tensor.ts";
import type { NativeGraph } from "./native-graph.ts";
import type { Partition } from "./partition.ts";
import { runSteps } from "./run-steps.ts";
import type { Ort } from "./runtime.ts";

/** What a session needs of its backend. */
export interface SessionHome {
  readonly ort: Ort;
  /** Runs a job when it is its turn, on a device that is there; again on a new one if it was lost on the way. */
  onDevice<T>(job: (gpu: Gpu) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Loads a partition onto a device. */
  loadOn(gpu: Gpu): Promise<NativeGraph>;
  forget(): void;
}

/** A graph on a device. When the device is lost it is loaded again, on the next. */
export class GpuSession implements Session {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  #sources: ReadonlyMap<string, string>;
  #home: SessionHome;
  #native: NativeGraph | undefined;
  #disposed: Promise<void> | undefined;

  constructor(
    { inputs, outputs }: Pick<Session, "inputs" | "outputs">,
    { sources }: Partition,
    native: NativeGraph,
    home: SessionHome,
  ) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.#sources = sources;
    this.#native = native;
    this.#home = home;
  }

  async run(feeds: Values, { signal, outputs, keep = [] }: RunOptions = {}): Promise<Values> {
    if (this.#disposed) throw new BunrakuError("DISPOSED", "webgpu: a session was run after it was disposed.");
    checkFeeds(this, feeds, outputs);
    const names = [...new Set(outputs ?? this.outputs.map(({ name }) => name))];
    const kept = new Set(keep);
    return this.#home.onDevice(async (gpu) => {
      const given = await readable(feeds, gpu);
      const native = await this.#on(gpu);
      return runSteps(native, this.#home.ort, {
        feeds: given,
        outputs: names,
        keep: kept,
        sources: this.#sources,
        signal,
      });
    }, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#home.onDevice(async () => {
      this.#home.forget();
      await this.#native?.[Symbol.asyncDispose]();
    });
    await this.#disposed;
  }

  async #on(gpu: Gpu): Promise<NativeGraph> {
    if (this.#native?.gpu === gpu) return this.#native;
    await this.#native?.[Symbol.asyncDispose]();
    this.#native = undefined;
    this.#native = await this.#home.loadOn(gpu);
    return this.#native;
  }
}

/** Feeds that this device's sessions can read: those of another device by way of the CPU. */
async function readable(feeds: Values, { device }: Gpu): Promise<Values> {
  const entries = Object.entries(feeds).map(async ([name, value]): Promise<[string, Tensor]> => {
    if (!isDeviceTensor(value) || value.device === device) return [name, value];
    return [name, await onCpu(value, name)];
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function onCpu(value: Tensor, name: string): Promise<Tensor> {
  try {
    return tensor(value.type, await value.read(), value.dims);
  } catch (cause) {
    throw new BunrakuError(
      "DEVICE_LOST",
      `run: input "${name}" was on a GPU device that is gone, and its elements with it. Make it again.`,
      { cause },
    );
  }
}
