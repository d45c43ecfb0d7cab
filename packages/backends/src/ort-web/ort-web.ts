import type { Backend } from "../contract/backend.ts";
import { BunrakuError, type Warning } from "../contract/error.ts";
import type { GlobalType } from "../contract/tensor.ts";
import type { Host, Ort, Started } from "../ort/messages.ts";
import { OrtBackend } from "../ort/ort-backend.ts";
import { importRuntime, inNode } from "./import-runtime.ts";
import { sessionOptions } from "./session-options.ts";
import type { RuntimeInfo, RuntimeSettings } from "./start-runtime.ts";
import { startWorkerHost } from "./worker-host.ts";

export interface OrtWebOptions {
  /** Threads for one operator; more than 1 need a cross-origin isolated page. @default half the cores, at most 4 */
  readonly threads?: number;
  /**
   * `worker` keeps the page smooth; `main` saves the copies and blocks the caller. There is one runtime per thread: on
   * `main`, backends share its WebAssembly and the number of threads that the first of them asked for.
   * Several threads there need onnxruntime-web in a file of its own, as bundlers split it (esbuild: `splitting`).
   *
   * @default "worker" in browsers, "main" in Node and with `ort`
   */
  readonly thread?: "worker" | "main";
  /** Makes the worker, where the bundler does not: from `@bunraku/backends/ort-web/worker`, bundled as an entry. */
  readonly worker?: () => GlobalType<"Worker">;
  /** Where `ort-wasm-simd-threaded.wasm` is, seen from the page. @default where the bundler put it */
  readonly wasm?: URL | string;
  /** The bytes of that file, instead of its place. Borrowed until the backend is made. */
  readonly wasmBinary?: ArrayBuffer | Uint8Array;
  /** The runtime to use on the caller's thread, not yet in use: `onnxruntime-web/wasm` or one that looks like it. */
  readonly ort?: Ort;
}

/**
 * A backend on the WebAssembly of onnxruntime-web, an optional peer (`npm install onnxruntime-web`); for browsers, and
 * where nothing native can be installed.
 *
 * Sessions live in one worker of their own. Runs queue, in call order; a signal takes a waiting run out at once and lets a
 * running one finish. `report.threads` says how many threads there really are, and a warning why they are fewer.
 *
 * @throws `BACKEND_MISSING` when onnxruntime-web is not installed; `BACKEND_UNAVAILABLE` when its worker or WebAssembly cannot
 *   be loaded or may not run; `OPTION`.
 * @example await using backend = await ortWeb({ threads: 4 });
 */
export async function ortWeb(options: OrtWebOptions = {}): Promise<Backend> {
  const wanted = options.threads ?? defaultThreads();
  const { host, info } = await startHost(options, readSettings(options, wanted));
  return new OrtBackend({
    name: "ort-web",
    host,
    sessionOptions,
    report: {
      runtime: `onnxruntime-web ${info.version}`,
      providers: ["wasm"],
      threads: info.threads,
      precision: "float32",
      checks: [],
    },
    warnings: threadWarnings(wanted, info, options.threads !== undefined),
  });
}

function defaultThreads(): number {
  // Cores are counted twice where they run two threads, and small ones gain little: as onnxruntime-web itself chooses.
  return Math.min(4, Math.ceil((globalThis.navigator?.hardwareConcurrency ?? 1) / 2));
}

function readSettings({ wasm, wasmBinary }: OrtWebOptions, threads: number): RuntimeSettings {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new BunrakuError("OPTION", `ort-web: threads must be a whole number of at least 1, got ${threads}.`);
  }
  if (wasm !== undefined && wasmBinary !== undefined) {
    throw new BunrakuError("OPTION", "ort-web: wasm and wasmBinary exclude each other; give one.");
  }
  if (wasmBinary) return { threads, wasmBinary };
  return wasm === undefined ? { threads } : { threads, wasm: absolute(wasm) };
}

/** A relative address is meant from the page, and must not change its meaning in the worker. */
function absolute(wasm: URL | string): string {
  try {
    return new URL(wasm, globalThis.document?.baseURI ?? globalThis.location?.href).href;
  } catch {
    throw new BunrakuError("OPTION", `ort-web: wasm must be a URL, got ${JSON.stringify(wasm)}.`);
  }
}

async function startHost(options: OrtWebOptions, settings: RuntimeSettings): Promise<Started<RuntimeInfo>> {
  const { ort, worker, thread = ort || (inNode && !worker) ? "main" : "worker" } = options;
  if (thread === "main") {
    if (worker) throw new BunrakuError("OPTION", 'ort-web: thread "main" has no worker; leave one of the two out.');
    // Imported when it is asked for: a worker has it in a script of its own.
    const { startRuntime } = await import("./start-runtime.ts");
    const { host, info } = await startRuntime(ort ?? (await importRuntime()), settings);
    return { host: { ...host, stop: async () => undefined } satisfies Host, info };
  }
  if (ort) {
    throw new BunrakuError(
      "OPTION",
      'ort-web: a runtime that is handed in cannot move to a worker; use thread: "main".',
    );
  }
  if (inNode && !worker) {
    throw new BunrakuError(
      "OPTION",
      'ort-web: in Node it runs on the caller\'s thread; use thread: "main", or ortNode(), which has a worker.',
    );
  }
  // Written out in one piece, because that is what bundlers look for.
  const own = () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  return startWorkerHost((worker as (() => Worker) | undefined) ?? own, settings);
}

function threadWarnings(wanted: number, { threads, isolated }: RuntimeInfo, asked: boolean): Warning[] {
  if (threads < wanted && !isolated) {
    return [
      {
        type: "single-threaded",
        message: `ort-web: it runs on 1 thread instead of ${wanted}, because the page is not cross-origin isolated. Serve it with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.`,
      },
    ];
  }
  if (threads !== wanted && asked) {
    return [
      {
        type: "threads-fixed",
        message: `ort-web: the runtime on this thread was started with ${threads} thread${threads === 1 ? "" : "s"} and keeps ${threads === 1 ? "it" : "them"}; ${wanted} were asked for. A worker has a runtime of its own.`,
      },
    ];
  }
  return [];
}
