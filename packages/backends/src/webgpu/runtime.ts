import type { InferenceSession } from "onnxruntime-common";
import { BunrakuError } from "../contract/error.ts";
import { SerialQueue } from "../contract/serial-queue.ts";
import { withPatientCompiler } from "./patient-compiler.ts";

/** What is used of onnxruntime-web. */
export type Ort = Pick<typeof import("onnxruntime-common"), "InferenceSession" | "Tensor" | "env">;

/** onnxruntime-web with WebGPU, and the queue that all its work goes through. */
export interface Runtime {
  readonly ort: Ort;
  /** Two creates or two runs at once hang or crash it, whosever sessions they are. */
  readonly queue: SerialQueue;
  readonly version: string;
}

export interface RuntimeOptions {
  /** A module to use instead of importing `onnxruntime-web/webgpu`: another copy or build. */
  readonly ort?: Ort;
  /** Where `ort-wasm-simd-threaded.asyncify.wasm` is, where a bundler does not find it. */
  readonly wasm?: string | URL;
}

const queues = new WeakMap<Ort, SerialQueue>();

/**
 * Gets the runtime ready.
 *
 * @throws `BACKEND_MISSING`, `BACKEND_UNAVAILABLE`
 */
export async function openRuntime({ ort: given, wasm }: RuntimeOptions, gpu: GPU): Promise<Runtime> {
  const ort = given ?? (await importOrt());
  // Convolutions run on the GPU; the little that runs on wasm is not worth threads, which need special headers.
  ort.env.wasm.numThreads = 1;
  if (wasm) ort.env.wasm.wasmPaths = { wasm: wasm instanceof URL ? wasm : new URL(wasm, globalThis.location?.href) };
  offerGpu(gpu);
  const queue = queues.get(ort) ?? new SerialQueue();
  queues.set(ort, queue);
  return { ort, queue, version: (ort.env.versions as { web?: string }).web ?? ort.env.versions.common };
}

async function importOrt(): Promise<Ort> {
  try {
    return (await import("onnxruntime-web/webgpu")) as unknown as Ort;
  } catch (cause) {
    const { code, message } = cause as { code?: string; message?: string };
    if (code === "ERR_MODULE_NOT_FOUND" || /Cannot find (package|module)|Failed to resolve/.test(message ?? ""))
      throw new BunrakuError(
        "BACKEND_MISSING",
        "webgpu: cannot import `onnxruntime-web`. Install it: npm install onnxruntime-web",
        { cause },
      );
    throw new BunrakuError("BACKEND_UNAVAILABLE", `webgpu: onnxruntime-web cannot start here: ${message}`, { cause });
  }
}

/** The runtime looks for `navigator.gpu` before it takes a device of ours; Node has none. */
function offerGpu(gpu: GPU): void {
  const scope = globalThis as { navigator?: { gpu?: GPU } };
  if (scope.navigator?.gpu) return;
  if (!scope.navigator)
    Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true, writable: true });
  Object.defineProperty(scope.navigator!, "gpu", { value: gpu, configurable: true });
}

/** How sessions are made. */
export function sessionOptions(device: GPUDevice | undefined): InferenceSession.SessionOptions {
  return {
    executionProviders: device ? [{ name: "webgpu", device } as never] : ["wasm"],
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
    ...(device && { preferredOutputLocation: "gpu-buffer" }),
  };
}

/** What the runtime says, as an error of ours: its first line. */
export function refusal(what: string, cause: unknown): BunrakuError {
  const text = (cause instanceof Error ? cause.message : String(cause)).split("\n")[0]!.trim() || "without a word";
  const memory = /out of memory|bad_alloc|allocat|exceeds the max|too large|RangeError/i.test(text);
  return new BunrakuError(memory ? "MEMORY" : "MODEL", `webgpu: ${what}: ${text.replace(/\.$/, "")}.`, { cause });
}

const started = new WeakSet<Ort>();

/** Makes a session. The first one starts the runtime. */
export async function createSession(
  ort: Ort,
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  const create = () => ort.InferenceSession.create(model, options);
  if (started.has(ort)) return create();
  const session = await withPatientCompiler(create);
  started.add(ort);
  return session;
}
