/** Anything that can be iterated with `for await`. */
export type AnyIterable<T> = Iterable<T> | AsyncIterable<T>;

/**
 * Maps `source` in order, starting up to `ahead` items before they are asked for.
 *
 * Pulls only on demand, so a slow consumer slows the source. When the consumer stops (`break`, a throw, `signal`), it
 * waits for what is in flight, disposes those results and closes `source`.
 *
 * @throws What `source` or `step` throws, when its turn comes; `signal.reason`
 */
export async function* mapAhead<T, R>(
  source: AnyIterable<T>,
  step: (item: T, index: number) => Promise<R>,
  { ahead = 1, signal }: { ahead?: number; signal?: AbortSignal } = {},
): AsyncGenerator<R, void, undefined> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const inFlight: Promise<{ value: R } | undefined>[] = [];
  let index = 0;
  let exhausted = false;
  let previous: Promise<unknown> = Promise.resolve();

  const begin = (): void => {
    // Items are pulled one at a time: an iterator need not take overlapping calls of next().
    const pulled = previous.then(async () => {
      if (exhausted) return undefined;
      signal?.throwIfAborted();
      const next = await iterator.next();
      if (next.done) {
        exhausted = true;
        return undefined;
      }
      return { item: next.value, at: index++ };
    });
    previous = pulled.catch(() => {
      exhausted = true;
    });
    const result = pulled.then(async (next) => next && { value: await step(next.item, next.at) });
    result.catch(() => undefined); // reported when its turn comes
    inFlight.push(result);
  };

  try {
    while (true) {
      while (inFlight.length <= ahead && !exhausted) begin();
      const result = await inFlight.shift();
      if (!result) return;
      if (signal?.aborted) {
        freed(result.value);
        throw signal.reason;
      }
      yield result.value;
    }
  } finally {
    exhausted = true;
    for (const settled of await Promise.allSettled(inFlight)) {
      if (settled.status === "fulfilled" && settled.value) freed(settled.value.value);
    }
    await iterator.return?.();
  }
}

function freed(value: unknown): void {
  if (typeof value === "object" && value !== null && Symbol.dispose in value) (value as Disposable)[Symbol.dispose]();
}
