import type { Backend, LoadOptions, RunOptions, Session, ValueInfo, Values } from "../contract/backend.ts";
import { BunrakuError, type Warning } from "../contract/error.ts";
import type { BackendReport } from "../contract/report.ts";
import { Turns } from "./turns.ts";

/**
 * Several backends as one, which runs as many graphs at once as there are members: a run goes to whichever is free.
 *
 * For work on many pictures. One picture takes no less time, and each member holds every graph, so memory grows with
 * their number. On a processor, as many members as cores, with one thread each, get more done than one backend with all
 * the threads.
 *
 * @param count of members
 * @param make makes one; all must be alike, and keep tensors on the CPU, as their runs share them
 * @returns The pool, owned by the caller; it owns its members. `report` and `warnings` are the first member's.
 * @throws `OPTION` when members have a GPU, or `count` is no whole number from 1; what `make` throws
 * @example await using backend = await backendPool(4, () => ortNode({ threads: 1 }));
 */
export async function backendPool(count: number, make: () => Promise<Backend>): Promise<Backend> {
  if (!Number.isInteger(count) || count < 1)
    throw new BunrakuError("OPTION", `backendPool: expected a whole number of members, at least 1, got ${count}.`);
  const members = await all(Array.from({ length: count }, make));
  const onGpu = members.find(({ gpu }) => gpu);
  if (!onGpu) return new Pool(members);
  await disposeAll(members);
  throw new BunrakuError(
    "OPTION",
    `backendPool: members share tensors, and those of ${onGpu.name} live on a GPU each. Use one ${onGpu.name} without a pool.`,
  );
}

class Pool implements Backend {
  readonly contract = 1;
  readonly name: string;
  readonly warnings: readonly Warning[];
  readonly report?: BackendReport;
  readonly parallelism: number;
  readonly #members: readonly Backend[];
  readonly #turns: Turns<number>;

  constructor(members: readonly Backend[]) {
    const [first] = members as [Backend];
    this.name = first.name;
    this.warnings = first.warnings;
    if (first.report) this.report = first.report;
    this.parallelism = members.length;
    this.#members = members;
    this.#turns = new Turns(members.keys());
  }

  async load(model: Uint8Array, { signal, onProgress }: LoadOptions = {}): Promise<Session> {
    const total = this.#members.length;
    let loaded = 0;
    onProgress?.({ phase: "compile", loaded, total });
    const parts = this.#members.map(async (member) => {
      const part = await member.load(model, signal ? { signal } : {});
      onProgress?.({ phase: "compile", loaded: ++loaded, total });
      return part;
    });
    return new PooledSession(await all(parts), this.#turns);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await disposeAll(this.#members);
  }
}

/** One graph, loaded by every member. */
class PooledSession implements Session {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly #parts: readonly Session[];
  readonly #turns: Turns<number>;

  constructor(parts: readonly Session[], turns: Turns<number>) {
    this.inputs = parts[0]!.inputs;
    this.outputs = parts[0]!.outputs;
    this.#parts = parts;
    this.#turns = turns;
  }

  run(feeds: Values, options: RunOptions = {}): Promise<Values> {
    return this.#turns.run((member) => this.#parts[member]!.run(feeds, options), options.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await disposeAll(this.#parts);
  }
}

/** What all of them give; when one fails, the others are disposed. */
async function all<T extends AsyncDisposable>(making: readonly Promise<T>[]): Promise<T[]> {
  const made = await Promise.allSettled(making);
  const parts = made.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = made.find((result) => result.status === "rejected");
  if (!failed) return parts;
  await disposeAll(parts);
  throw failed.reason;
}

async function disposeAll(parts: readonly AsyncDisposable[]): Promise<void> {
  await Promise.all(parts.map((part) => part[Symbol.asyncDispose]()));
}
