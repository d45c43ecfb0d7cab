import { BunrakuError } from "../contract/error.ts";
import { createHost } from "../ort/host.js";
import type { Host, Ort } from "../ort/messages.ts";
import { probeModel } from "../ort/probe-model.js";
import { explainStart } from "./explain-start.ts";
import { requireWebAssembly } from "./require-webassembly.ts";
import { sessionOptions } from "./session-options.ts";

/** How to start the runtime. Travels to the worker, so it is data alone. */
export interface RuntimeSettings {
  readonly threads: number;
  /** An absolute address. */
  readonly wasm?: string;
  readonly wasmBinary?: ArrayBuffer | Uint8Array;
}

/** What the runtime told about itself when it started. */
export interface RuntimeInfo {
  readonly version: string;
  /** Those that it really has. */
  readonly threads: number;
  /** Whether it could have more than one: threads share memory, which only isolated pages may. */
  readonly isolated: boolean;
}

// A runtime starts once per thread: its WebAssembly and its threads are shared by all its sessions, and stay.
const started = new WeakMap<Ort["env"], Promise<number>>();

/**
 * Starts onnxruntime-web on this thread, unless it runs already.
 *
 * @throws `BACKEND_UNAVAILABLE`
 */
export async function startRuntime(
  ort: Ort,
  settings: RuntimeSettings,
): Promise<{ host: Omit<Host, "stop">; info: RuntimeInfo }> {
  requireWebAssembly();
  refuseThreads();
  const isolated = globalThis.crossOriginIsolated ?? typeof SharedArrayBuffer !== "undefined"; // Node has no such word
  let threads = started.get(ort.env);
  if (!threads) {
    threads = start(ort, { ...settings, threads: isolated ? settings.threads : 1 });
    started.set(ort.env, threads);
  }
  return { host: createHost(ort), info: { version: versionOf(ort), threads: await threads, isolated } };
}

/** A thread of onnxruntime loads its script again. Where that is a whole program, it would start threads without end. */
function refuseThreads(): void {
  if (!globalThis.self?.name?.startsWith("em-pthread")) return;
  throw new BunrakuError(
    "BACKEND_UNAVAILABLE",
    'ort-web: this program was loaded again as a thread of onnxruntime-web, because both are one file. Let the bundler split them (esbuild: splitting), or use thread: "worker".',
  );
}

async function start(ort: Ort, { threads, wasm, wasmBinary }: RuntimeSettings): Promise<number> {
  const flags = ort.env.wasm;
  flags.numThreads = threads;
  if (wasm) flags.wasmPaths = { wasm };
  if (wasmBinary) flags.wasmBinary = wasmBinary;
  try {
    const session = await ort.InferenceSession.create(probeModel, sessionOptions);
    await session.release();
  } catch (cause) {
    throw await explainStart(cause, wasm, versionOf(ort));
  } finally {
    if (wasmBinary) delete flags.wasmBinary; // 14 MB that nobody needs any more
  }
  return flags.numThreads; // onnxruntime writes 1 here when there can be no more
}

function versionOf(ort: Ort): string {
  return ort.env.versions.web ?? "of unknown version";
}
