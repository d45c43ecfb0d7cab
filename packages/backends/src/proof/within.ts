/** What `within` throws when there was no answer in time. */
export class Silence extends Error {}

/**
 * What `work` gives; rejects when that takes longer than `limit` milliseconds, and on an abort.
 *
 * The work itself goes on: nothing can stop it.
 *
 * @throws `Silence`, `signal.reason`, what `work` throws
 */
export async function within<T>(work: Promise<T>, limit: number, signal?: AbortSignal): Promise<T> {
  work.catch(() => undefined); // when it fails after the end, nobody listens
  let stop = () => undefined as unknown;
  const end = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Silence(`there was no answer within ${limit} ms`)), limit);
    const abort = () => reject(signal!.reason);
    signal?.addEventListener("abort", abort);
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    stop();
  }
}
