import type { Backend, LoadOptions, Session } from "../contract/backend.ts";
import { BunrakuError, type Warning } from "../contract/error.ts";
import type { BackendReport, Form } from "../contract/report.ts";
import { decodeModel } from "../onnx/decode-model.ts";
import { operatorGraphs, proveGraphs } from "../proof/prove-operators.ts";
import { recordChecks } from "../proof/record-checks.ts";
import { chooseForms } from "./choose-forms.ts";
import { allRewrites, chooseRewrites } from "./choose-rewrites.ts";
import { borrowGpu, findGpu, type Gpu, requestGpu } from "./gpu.ts";
import { GpuSession } from "./gpu-session.ts";
import type { Device } from "./gpu-types.ts";
import type { GpuKernel } from "./kernel.ts";
import { type Forms, loadNative } from "./native-graph.ts";
import { type Partition, partition } from "./partition.ts";
import { type Ort, openRuntime, type Runtime } from "./runtime.ts";

export interface WebGpuOptions extends LoadOptions {
  /** Kernels that may stand in for operators and pieces of graphs; each is proved before use. @default none */
  readonly kernels?: readonly GpuKernel[];
  /**
   * What convolutions compute in. Half precision needs a device with shader-f16 and is passed over, with a warning, where
   * there is none. Keypoints, jacobians, heatmaps and grids are float32 always. @default "float32"
   */
  readonly precision?: "float32" | "float16";
  /** Whether a software adapter (a processor that plays the part of a GPU) will do. @default false */
  readonly software?: boolean;
  readonly powerPreference?: "low-power" | "high-performance";
  /** Whether operators that no kernel stands in for are proved, too; without, all known errors are worked around. @default true */
  readonly prove?: boolean;
  /** A device to share instead of one of its own; it stays whose it is, and when it is lost the backend is. */
  readonly device?: Device;
  /** A copy of `onnxruntime-web/webgpu` to use instead of importing it. */
  readonly ort?: Ort;
  /** Where `ort-wasm-simd-threaded.asyncify.wasm` is, where a bundler does not find it. */
  readonly wasm?: string | URL;
}

/** A backend on WebGPU, and what lives on its device. */
export interface WebGpuBackend extends Backend {
  /** Changes when the device was lost. */
  readonly gpu: Device;
  readonly report: BackendReport;
  /** Buffers on the device that were not destroyed, the runtime's among them, and how often a device was lost. */
  readonly memory: { readonly buffers: number; readonly bytes: number; readonly losses: number };
}

/**
 * A backend on WebGPU: onnxruntime-web's provider and kernels of ours on one device, in browsers and, with the npm package
 * `webgpu`, in Node. `onnxruntime-web` is an optional peer.
 *
 * Kernels and the operators that they could replace prove themselves here, against stored numbers: what fails moves to
 * another form, and `report.checks` says so. A device that is lost is replaced: sessions are loaded again, and runs whose
 * feeds are on the CPU go on; feeds that were on the device throw `DEVICE_LOST`.
 *
 * @throws `BACKEND_MISSING`; `BACKEND_UNAVAILABLE` when there is no adapter; `OPTION`; `signal.reason`
 * @example await using backend = await webgpu({ kernels: [...warpKernels, ...keypointKernels, ...motionKernels] });
 */
export async function webgpu(options: WebGpuOptions = {}): Promise<WebGpuBackend> {
  const { precision = "float32", device, signal } = options;
  if (precision !== "float32" && precision !== "float16")
    throw new BunrakuError("OPTION", `webgpu: precision must be float32 or float16, got ${JSON.stringify(precision)}.`);
  signal?.throwIfAborted();
  const gpu = await findGpu();
  const request = async (): Promise<Gpu> => {
    if (device) return borrowGpu(device as GPUDevice);
    const { software = false, powerPreference } = options;
    return requestGpu(gpu, { half: precision === "float16", software, ...(powerPreference && { powerPreference }) });
  };
  const first = await request();
  const runtime = await openRuntime(options, gpu);
  const backend = new OnWebGpu(first, runtime, device ? undefined : request, precision);
  try {
    await backend.prove(options);
    return backend;
  } catch (error) {
    await backend[Symbol.asyncDispose]();
    throw error;
  }
}

class OnWebGpu implements WebGpuBackend {
  readonly contract = 1;
  readonly name = "webgpu";
  readonly warnings: Warning[] = [];
  readonly report: BackendReport;
  #gpu: Gpu;
  #runtime: Runtime;
  #renew: (() => Promise<Gpu>) | undefined;
  #kernels: readonly GpuKernel[] = [];
  #forms: Forms;
  #onWasm: ReadonlySet<string> = new Set();
  #losses = 0;
  #sessions = new Set<GpuSession>();
  #disposed: Promise<void> | undefined;

  constructor(gpu: Gpu, runtime: Runtime, renew: (() => Promise<Gpu>) | undefined, precision: "float32" | "float16") {
    this.#gpu = gpu;
    this.#runtime = runtime;
    this.#renew = renew;
    const half = precision === "float16" && gpu.description.features.includes("shader-f16");
    this.#forms = { half, rewrites: [] };
    if (precision === "float16" && !half) {
      const message = "This GPU has no half precision (shader-f16); it computes in float32.";
      this.warnings.push({ type: "no-shader-f16", message });
    }
    this.report = {
      runtime: `onnxruntime-web ${runtime.version}`,
      providers: ["webgpu"],
      device: gpu.description,
      precision: half ? "float16" : "float32",
      checks: [],
    };
  }

  get gpu(): GPUDevice {
    return this.#gpu.device;
  }

  get memory() {
    return { ...this.#gpu.memory, losses: this.#losses };
  }

  /** Settles which form does what, and proves the rest of the operators. */
  async prove({ kernels = [], prove = true, ...options }: WebGpuOptions): Promise<void> {
    const load = (parts: Partition) => loadNative(parts, this.#gpu, this.#runtime, { half: false, rewrites: [] });
    const chosen = await this.#runtime.queue.add(
      () => chooseForms(kernels, load, { ort: this.#runtime.ort, ...options }),
      options.signal,
    );
    this.#kernels = chosen.kernels;
    this.#onWasm = chosen.onWasm;
    recordChecks(this, chosen.checks);
    for (const { name, problem, maxAbsError, replacedBy } of chosen.checks.filter(({ pass }) => !pass)) {
      const what = problem ?? `off by ${maxAbsError}`;
      if (!replacedBy) throw refused(name, what);
      this.#warn(name, what, replacedBy);
    }
    if (!prove) {
      this.#forms = { ...this.#forms, rewrites: allRewrites };
      return;
    }
    const mended = await chooseRewrites(
      this,
      (rewrites) => {
        this.#forms = { ...this.#forms, rewrites };
      },
      options,
    );
    recordChecks(this, mended);
    for (const { name, replacedBy, maxAbsError } of mended) {
      if (replacedBy) this.#warn(name, `off by ${maxAbsError}`, replacedBy);
    }
    // What was right there, as it is or rewritten, need not be proved again.
    const proved = new Set(mended.filter(({ pass }) => pass).map(({ name }) => name));
    const checks = await proveGraphs(
      this,
      operatorGraphs().filter(({ name }) => !proved.has(name)),
      options,
    );
    recordChecks(this, checks);
    const failed = checks.find(({ pass }) => !pass);
    if (failed) throw refused(failed.name, failed.problem ?? `off by ${failed.maxAbsError}`);
  }

  #warn(name: string, what: string, replacedBy: Form): void {
    const message = `${name}: wrong on this GPU (${what}); ${formNames[replacedBy]} does it.`;
    this.warnings.push({ type: "form-replaced", message });
  }

  async load(model: Uint8Array, { signal, onProgress }: LoadOptions = {}): Promise<Session> {
    if (this.#disposed)
      throw new BunrakuError("DISPOSED", "webgpu: a graph was loaded after the backend was disposed.");
    signal?.throwIfAborted();
    const graph = decodeModel(model);
    const parts = partition(graph, this.#kernels, this.#onWasm);
    const total = parts.steps.length;
    let loaded = 0;
    onProgress?.({ phase: "compile", loaded, total });
    const onStep = () => onProgress?.({ phase: "compile", loaded: ++loaded, total });
    const native = await this.#onDevice(
      (gpu) => loadNative(parts, gpu, this.#runtime, this.#forms, { onStep, ...(signal && { signal }) }),
      signal,
    );
    const session: GpuSession = new GpuSession(graph, parts, native, {
      ort: this.#runtime.ort,
      onDevice: (job, signal) => this.#onDevice(job, signal),
      loadOn: (gpu) => loadNative(parts, gpu, this.#runtime, this.#forms),
      forget: () => this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    return session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= (async () => {
      await Promise.allSettled([...this.#sessions].map((session) => session[Symbol.asyncDispose]()));
      await this.#runtime.queue.idle();
      this.#gpu.pool[Symbol.dispose]();
      if (this.#renew) this.#gpu.device.destroy();
    })();
    await this.#disposed;
  }

  /** One job at a time, whosever: on the device, and again on a new one when it was lost meanwhile. */
  #onDevice<T>(job: (gpu: Gpu) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#runtime.queue.add(async () => {
      for (let attempt = 1; ; attempt++) {
        const gpu = await this.#living();
        let failure: unknown;
        try {
          const result = await job(gpu);
          if (gpu.lost.reason === undefined) return result;
        } catch (error) {
          await heard(gpu);
          if (gpu.lost.reason === undefined || BunrakuError.is(error, "DEVICE_LOST")) throw error;
          failure = error;
        }
        if (signal?.aborted) throw signal.reason;
        if (attempt < mostLosses) continue;
        const message = `webgpu: the device was lost ${attempt} times in one run (${gpu.lost.reason}). Use another backend.`;
        throw new BunrakuError("BACKEND_UNAVAILABLE", message, { cause: failure });
      }
    }, signal);
  }

  /** The device; a new one when it was lost. */
  async #living(): Promise<Gpu> {
    if (this.#gpu.lost.reason === undefined || this.#disposed) return this.#gpu;
    if (!this.#renew)
      throw new BunrakuError(
        "DEVICE_LOST",
        `webgpu: the device that was handed in is gone (${this.#gpu.lost.reason}). Create the backend again, with another.`,
      );
    this.#gpu = await renewed(this.#renew);
    this.#losses++;
    return this.#gpu;
  }
}

/** A device that is lost again and again is lost by what it is asked to do. */
const mostLosses = 3;

/** A browser whose GPU process has just died has no adapter for a moment. */
async function renewed(renew: () => Promise<Gpu>): Promise<Gpu> {
  for (let wait = 50; ; wait *= 2) {
    try {
      return await renew();
    } catch (error) {
      if (wait > 2000) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/** News of a loss comes a little after what it broke. */
async function heard(gpu: Gpu): Promise<void> {
  await Promise.race([gpu.device.lost, new Promise((resolve) => setTimeout(resolve, 20))]);
}

const formNames: Readonly<Record<Form, string>> = {
  wgsl: "a kernel of ours",
  ort: "the runtime's own operator",
  rewritten: "a graph rewritten to mean the same",
  wasm: "wasm",
  typescript: "plain TypeScript",
};

function refused(name: string, what: string): BunrakuError {
  return new BunrakuError(
    "BACKEND_UNAVAILABLE",
    `webgpu: this GPU gives wrong numbers for "${name}" (${what}), and nothing can stand in. Use another backend, as ortWeb().`,
  );
}
