interface Waiting<T> {
  readonly begin: (member: T) => void;
}

/** Hands out members to jobs: in call order, each to whichever member is free, one job per member at a time. */
export class Turns<T> {
  #free: T[];
  #waiting: Waiting<T>[] = [];

  constructor(members: Iterable<T>) {
    this.#free = [...members];
  }

  /**
   * Runs a job on a member that is free, or on the first to become so.
   *
   * @throws What the job throws; `signal.reason`, at once while it waits
   */
  async run<R>(job: (member: T) => Promise<R>, signal?: AbortSignal): Promise<R> {
    const member = await this.#take(signal);
    try {
      return await job(member);
    } finally {
      const next = this.#waiting.shift();
      if (next) next.begin(member);
      else this.#free.push(member);
    }
  }

  #take(signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted();
    const member = this.#free.shift();
    if (member !== undefined) return Promise.resolve(member);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal!.reason);
      };
      const waiting: Waiting<T> = {
        begin: (free) => {
          signal?.removeEventListener("abort", leave);
          resolve(free);
        },
      };
      this.#waiting.push(waiting);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }
}
