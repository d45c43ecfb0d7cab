import { unlessAborted } from "./unless-aborted.ts";

/** Anything that can be iterated with `for await`. */
export type AnyIterable<T> = Iterable<T> | AsyncIterable<T>;

/**
 * How many frames keep a model busy: one per member that computes, and one per member that is decoded, converted or
 * written meanwhile; the consumer holds one of them.
 */
export function aheadOf({ parallelism = 1 }: { readonly parallelism?: number }): number {
  return 2 * parallelism - 1;
}

/**
 * Maps `source` in order, starting up to `ahead` items before they are asked for.
 *
 * Pulls only on demand, so a slow consumer slows the source. When the consumer stops (`break`, a throw, `signal`), it
 * waits for the steps that run, disposes what they gave, and closes `source`; it does not wait for an item that the
 * source has not delivered yet, which may never come.
 *
 * @throws What `source` or `step` throws, when its turn comes; `signal.reason`
 */
export async function* mapAhead<T, R>(
  source: AnyIterable<T>,
  step: (item: T, index: number) => Promise<R>,
  { ahead = 1, signal }: { ahead?: number; signal?: AbortSignal } = {},
): AsyncGenerator<R, void, undefined> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  type Result = { readonly value: R } | undefined;
  const inFlight: Promise<Result>[] = [];
  const running = new Set<Promise<Result>>();
  let previous: Promise<unknown> = Promise.resolve();
  let index = 0;
  let pulling = false;
  let ended = false; // the source has no more, or nobody wants more

  const pull = async (): Promise<{ item: T } | undefined> => {
    if (ended) return undefined;
    signal?.throwIfAborted();
    pulling = true;
    try {
      const next = await iterator.next();
      if (!next.done && !ended) return { item: next.value };
      ended = true;
      return undefined;
    } catch (error) {
      ended = true;
      throw error;
    } finally {
      pulling = false;
    }
  };
  const begin = (): void => {
    // Items are pulled one at a time: an iterator need not take overlapping calls of next().
    const pulled = previous.then(pull);
    previous = pulled.catch(() => undefined);
    const result = pulled.then(async (next): Promise<Result> => {
      if (!next) return undefined;
      running.add(result);
      return { value: await step(next.item, index++) };
    });
    result.catch(() => undefined); // reported when its turn comes
    inFlight.push(result);
  };

  try {
    while (true) {
      while (inFlight.length <= ahead && !ended) begin();
      const first = inFlight[0];
      if (!first) return;
      const result = await unlessAborted(first, signal);
      inFlight.shift();
      running.delete(first);
      if (!result) return;
      yield result.value;
    }
  } finally {
    ended = true;
    for (const settled of await Promise.allSettled(running)) {
      if (settled.status === "fulfilled" && settled.value) freed(settled.value.value);
    }
    const closing = iterator.return?.();
    if (pulling) (closing as Promise<unknown> | undefined)?.catch?.(() => undefined);
    else await closing;
  }
}

function freed(value: unknown): void {
  if (typeof value === "object" && value !== null && Symbol.dispose in value) (value as Disposable)[Symbol.dispose]();
}
