import type { RunOptions, Session, ValueInfo, Values } from "../contract/backend.ts";
import { checkFeeds } from "../contract/check-feeds.ts";
import { BunrakuError } from "../contract/error.ts";
import type { SerialQueue } from "../contract/serial-queue.ts";
import { type Tensor, tensor } from "../contract/tensor.ts";
import { execute } from "./execute.ts";
import type { Plan } from "./plan.ts";

/** A planned graph, on the queue of its backend. */
export class ReferenceSession implements Session {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  #plan: Plan | undefined;
  #queue: SerialQueue;
  #onDispose: () => void;

  constructor(plan: Plan, queue: SerialQueue, onDispose: () => void) {
    this.inputs = plan.graph.inputs;
    this.outputs = plan.graph.outputs;
    this.#plan = plan;
    this.#queue = queue;
    this.#onDispose = onDispose;
  }

  async run(feeds: Values, options: RunOptions = {}): Promise<Values> {
    this.#alive();
    checkFeeds(this, feeds, options.outputs);
    const outputs = options.outputs ?? this.outputs.map((output) => output.name);
    return this.#queue.add(async () => {
      const plan = this.#alive(); // disposed while it waited?
      return execute(plan, await onCpu(feeds), [...new Set(outputs)], options.signal);
    }, options.signal);
  }

  /** Waits for the run that is going on; runs that still wait reject with `DISPOSED`. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#plan) return;
    this.#plan = undefined;
    this.#onDispose();
    await this.#queue.idle();
  }

  #alive(): Plan {
    if (this.#plan) return this.#plan;
    throw new BunrakuError("DISPOSED", "reference: the session was used after it was disposed.");
  }
}

/** The feeds with their elements on the CPU, wherever they were. */
async function onCpu(feeds: Values): Promise<Values> {
  const read = Object.entries(feeds).map(async ([name, value]): Promise<[string, Tensor]> => {
    return [name, tensor(value.type, await value.read(), value.dims)];
  });
  return Object.fromEntries(await Promise.all(read));
}
