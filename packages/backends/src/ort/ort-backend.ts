import type { InferenceSession } from "onnxruntime-common";
import type { Backend, LoadOptions, Session } from "../contract/backend.ts";
import { BunrakuError, type Warning } from "../contract/error.ts";
import type { BackendReport } from "../contract/report.ts";
import { SerialQueue } from "../contract/serial-queue.ts";
import { describeFailure } from "./describe-failure.ts";
import type { Host } from "./messages.ts";
import { OrtSession } from "./ort-session.ts";

interface Parts {
  /** "ort-node"; begins its errors. */
  readonly name: string;
  /** Owned: stopped when the backend is disposed. */
  readonly host: Host;
  readonly sessionOptions: InferenceSession.SessionOptions;
  readonly report: BackendReport;
  readonly warnings: readonly Warning[];
}

/** A backend over a host of onnxruntime sessions: the part that is the same in Node and in browsers. */
export class OrtBackend implements Backend {
  readonly contract = 1;
  readonly name: string;
  readonly warnings: readonly Warning[];
  readonly report: BackendReport;
  #host: Host;
  #options: InferenceSession.SessionOptions;
  #queue = new SerialQueue();
  #sessions = new Set<OrtSession>();
  #disposed: Promise<void> | undefined;

  constructor({ name, host, sessionOptions, report, warnings }: Parts) {
    this.name = name;
    this.report = report;
    this.warnings = warnings;
    this.#host = host;
    this.#options = sessionOptions;
  }

  async load(model: Uint8Array, { signal, onProgress, givenAway = false }: LoadOptions = {}): Promise<Session> {
    if (this.#disposed) {
      throw new BunrakuError("DISPOSED", `${this.name}: a graph was loaded after the backend was disposed.`);
    }
    onProgress?.({ phase: "compile", loaded: 0, total: 1 });
    const session = await this.#queue.add(async () => {
      try {
        return await this.#load(model, givenAway);
      } catch (cause) {
        throw describeFailure(`${this.name}: the graph cannot be loaded`, cause);
      }
    }, signal);
    onProgress?.({ phase: "compile", loaded: 1, total: 1 });
    return session;
  }

  async #load(model: Uint8Array, givenAway: boolean): Promise<Session> {
    const info = await this.#host.load(model, this.#options, givenAway);
    try {
      // Known to the backend from the start: an abort right after this must not lose it.
      const session = new OrtSession(this.name, this.#host, this.#queue, info);
      this.#sessions.add(session);
      session.onDispose = () => this.#sessions.delete(session);
      return session;
    } catch (error) {
      await this.#host.unload(info.key);
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
