import type { Backend, LoadOptions, Session } from "../contract/backend.ts";
import { BunrakuError, type Warning } from "../contract/error.ts";
import { SerialQueue } from "../contract/serial-queue.ts";
import { decodeModel } from "../onnx/decode-model.ts";
import type { Operator } from "./operator.ts";
import { operators } from "./operators/all-operators.ts";
import { planGraph } from "./plan.ts";
import { ReferenceSession } from "./session.ts";

export interface ReferenceOptions {
  /** Operators to add; one with a known name takes its place. */
  readonly operators?: readonly Operator[];
}

/**
 * A backend in plain TypeScript: the definition of what a graph means, which faster backends are tested against.
 *
 * Runs anywhere, in the thread that calls it, and lets the event loop breathe between nodes. Sums in float64, results in
 * float32. GridSample is an operator of `@bunraku/warp` and is handed in.
 *
 * @example await using backend = await reference({ operators: [gridSampleOperator] });
 */
export async function reference(options: ReferenceOptions = {}): Promise<Backend> {
  return new ReferenceBackend([...operators, ...(options.operators ?? [])]);
}

class ReferenceBackend implements Backend {
  readonly contract = 1;
  readonly name = "reference";
  readonly warnings: readonly Warning[] = [];
  #operators: ReadonlyMap<string, Operator>;
  #queue = new SerialQueue();
  #sessions = new Set<ReferenceSession>();
  #disposed = false;

  constructor(known: readonly Operator[]) {
    this.#operators = new Map(known.map((operator) => [operator.op, operator]));
  }

  /** @throws `UNSUPPORTED` when the model needs an operator that is not known; what `Backend` says. */
  async load(model: Uint8Array, { signal, onProgress }: LoadOptions = {}): Promise<Session> {
    if (this.#disposed) throw new BunrakuError("DISPOSED", "reference: the backend was used after it was disposed.");
    signal?.throwIfAborted();
    const plan = planGraph(decodeModel(model), this.#operators);
    onProgress?.({ phase: "compile", loaded: 1, total: 1 });
    const session = new ReferenceSession(plan, this.#queue, () => this.#sessions.delete(session));
    this.#sessions.add(session);
    return session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await Promise.all([...this.#sessions].map((session) => session[Symbol.asyncDispose]()));
  }
}
