import type { StateDict } from "@bunraku/checkpoints";

/** A tensor with numbers that are none. */
export interface NonFiniteTensor {
  readonly module: string;
  readonly name: string;
  /** How many of its elements. */
  readonly count: number;
}

/** Reads every weight, one tensor at a time, and finds NaN and infinity. @throws `MODEL`, `FILE`, `signal.reason` */
export async function findNonFinite(
  modules: Iterable<readonly [string, StateDict]>,
  signal: AbortSignal | undefined,
): Promise<NonFiniteTensor[]> {
  const found: NonFiniteTensor[] = [];
  for (const [module, entries] of modules) {
    for (const entry of entries) {
      if (!entry.dtype.includes("float")) continue;
      const { data } = await entry.load({ allowNonFinite: true, ...(signal && { signal }) });
      let count = 0;
      for (let i = 0; i < data.length; i++) if (data[i]! - data[i]! !== 0) count++;
      if (count > 0) found.push({ module, name: entry.name, count });
    }
  }
  return found;
}
