/**
 * Runs jobs one after the other, in call order.
 *
 * One queue per backend, not per session: some runtimes hang or crash when two sessions run at once.
 */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #pending = 0;

  /** Jobs that wait or run. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * Adds a job. A signal that fires while the job waits takes it out at once; while it runs, the job finishes first.
   *
   * @throws What the job throws; `signal.reason`.
   */
  async add<T>(job: () => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    this.#pending++;
    let started = false;
    const turn = this.#tail.then(() => {
      if (signal?.aborted) return undefined as never;
      started = true;
      return job();
    });
    this.#tail = turn.catch(() => undefined);
    try {
      if (!signal) return await turn;
      return await untilAborted(turn, signal, () => started);
    } finally {
      this.#pending--;
    }
  }

  /** Resolves when everything added so far has ended. */
  async idle(): Promise<void> {
    await this.#tail;
  }
}

async function untilAborted<T>(turn: Promise<T>, signal: AbortSignal, started: () => boolean): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      if (!started()) reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort);
  });
  aborted.catch(() => undefined);
  try {
    const result = await Promise.race([turn, aborted]);
    if (signal.aborted) {
      await dispose(result);
      throw signal.reason;
    }
    return result;
  } finally {
    signal.removeEventListener("abort", onAbort!);
  }
}

/** Frees a result that nobody will see: one disposable, or a record of them. */
async function dispose(result: unknown): Promise<void> {
  if (typeof result !== "object" || result === null) return;
  if (Symbol.dispose in result) (result as Disposable)[Symbol.dispose]();
  else if (Symbol.asyncDispose in result) await (result as AsyncDisposable)[Symbol.asyncDispose]();
  else for (const value of Object.values(result)) await dispose(value);
}
