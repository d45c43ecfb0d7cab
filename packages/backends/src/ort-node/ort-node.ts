import type { InferenceSession } from "onnxruntime-common";
import type { Backend, LoadOptions, RunOptions, Session, ValueInfo, Values } from "../contract/backend.ts";
import { checkFeeds } from "../contract/check-feeds.ts";
import { BunrakuError, type Warning } from "../contract/error.ts";
import { SerialQueue } from "../contract/serial-queue.ts";
import { type DType, type Tensor, tensor } from "../contract/tensor.ts";
import type { Host, SessionInfo, WireTensor, WireValue } from "./messages.ts";
import { startHost } from "./start-host.ts";

export interface OrtNodeOptions {
  /** Threads for one operator. @default as many as there are physical cores */
  readonly threads?: number;
  /** `worker` keeps the caller's event loop free; `main` saves the copies and blocks it. @default "worker" */
  readonly thread?: "worker" | "main";
  /** Execution providers in order of preference, as onnxruntime-node names them. @default ["cpu"] */
  readonly providers?: readonly string[];
  /** A module specifier or file URL to import instead of `onnxruntime-node`. */
  readonly module?: string;
}

/**
 * A backend on onnxruntime-node, an optional peer (`npm install onnxruntime-node`).
 *
 * Sessions live on one worker thread of their own. Runs queue, in call order; a signal takes a waiting run out at once
 * and lets a running one finish.
 *
 * @throws `BACKEND_MISSING` when onnxruntime-node is not installed, `BACKEND_UNAVAILABLE` when it cannot start, `OPTION`.
 */
export async function ortNode(options: OrtNodeOptions = {}): Promise<Backend> {
  const { threads, thread = "worker", providers = ["cpu"], module = "onnxruntime-node" } = options;
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1)) {
    throw new BunrakuError("OPTION", `ort-node: threads must be a whole number of at least 1, got ${threads}.`);
  }
  const sessionOptions: InferenceSession.SessionOptions = {
    executionProviders: [...providers],
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
  };
  return new OrtNodeBackend(await startHost(thread, module), sessionOptions);
}

class OrtNodeBackend implements Backend {
  readonly contract = 1;
  readonly name = "ort-node";
  readonly warnings: readonly Warning[] = [];
  #host: Host;
  #options: InferenceSession.SessionOptions;
  #queue = new SerialQueue();
  #sessions = new Set<OrtNodeSession>();
  #disposed: Promise<void> | undefined;

  constructor(host: Host, options: InferenceSession.SessionOptions) {
    this.#host = host;
    this.#options = options;
  }

  async load(model: Uint8Array, { signal, onProgress }: LoadOptions = {}): Promise<Session> {
    if (this.#disposed)
      throw new BunrakuError("DISPOSED", "ort-node: a graph was loaded after the backend was disposed.");
    onProgress?.({ phase: "compile", loaded: 0, total: 1 });
    const session = await this.#queue.add(async () => {
      try {
        const info = await this.#host.load(model, this.#options);
        // Known to the backend from the start: an abort right after this must not lose it.
        const loaded = new OrtNodeSession(this.#host, this.#queue, await this.#describe(info));
        this.#sessions.add(loaded);
        loaded.onDispose = () => this.#sessions.delete(loaded);
        return loaded;
      } catch (cause) {
        if (BunrakuError.is(cause)) throw cause;
        throw new BunrakuError("MODEL", `ort-node: the graph cannot be loaded: ${firstLine(cause)}`, { cause });
      }
    }, signal);
    onProgress?.({ phase: "compile", loaded: 1, total: 1 });
    return session;
  }

  async #describe({ key, inputs, outputs }: SessionInfo): Promise<Described> {
    try {
      return { key, inputs: inputs.map(describe), outputs: outputs.map(describe) };
    } catch (error) {
      await this.#host.unload(key);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= (async () => {
      await this.#queue.idle(); // what is being loaded becomes a session that is disposed, too
      await Promise.allSettled([...this.#sessions].map((session) => session[Symbol.asyncDispose]()));
      await this.#host.stop();
    })();
    await this.#disposed;
  }
}

/** A session of the host, with inputs and outputs that fit the contract. */
interface Described {
  readonly key: number;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

class OrtNodeSession implements Session {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  onDispose: (() => void) | undefined;
  #host: Host;
  #queue: SerialQueue;
  #key: number;
  #disposed: Promise<void> | undefined;

  constructor(host: Host, queue: SerialQueue, { key, inputs, outputs }: Described) {
    this.#host = host;
    this.#queue = queue;
    this.#key = key;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  async run(feeds: Values, { signal, outputs }: RunOptions = {}): Promise<Values> {
    if (this.#disposed) throw new BunrakuError("DISPOSED", "ort-node: a session was run after it was disposed.");
    checkFeeds(this, feeds, outputs);
    const wire = Object.entries(feeds).map(([name, { type, dims, data }]) => ({ name, type, dims: [...dims], data }));
    const names = outputs ? [...outputs] : this.outputs.map((output) => output.name);
    return this.#queue.add(async () => {
      let results: WireTensor[];
      try {
        results = await this.#host.run(this.#key, wire, names);
      } catch (cause) {
        if (BunrakuError.is(cause)) throw cause;
        throw new BunrakuError("MODEL", `ort-node: the run failed: ${firstLine(cause)}`, { cause });
      }
      return Object.fromEntries(
        results.map(({ name, type, data, dims }) => [name, tensor(type, data, dims) as Tensor]),
      );
    }, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#queue.add(async () => {
      this.onDispose?.();
      await this.#host.unload(this.#key);
    });
    await this.#disposed;
  }
}

const known: readonly string[] = ["float32", "uint8", "int32", "int64", "bool"] satisfies DType[];

function describe({ name, type, dims }: WireValue): ValueInfo {
  const dynamic = dims.some((dim) => typeof dim !== "number" || dim < 0);
  if (!known.includes(type) || dynamic) {
    throw new BunrakuError(
      "UNSUPPORTED",
      `ort-node: "${name}" is ${type} [${dims.join(", ")}]; graphs need static dims and one of ${known.join(", ")}.`,
    );
  }
  return { name, type: type as DType, dims: dims as number[] };
}

function firstLine(error: unknown): string {
  const line = (error instanceof Error ? error.message : String(error)).split("\n")[0]!.trim();
  return line.endsWith(".") ? line : `${line}.`;
}
