import type { Sample } from "./bench.ts";

/** Both workloads, run one right after the other. */
export interface Pair {
  readonly baseline: Sample;
  readonly ours: Sample;
}

/** What all pairs come to. A ratio above 1 says that ours takes less. */
export interface Summary {
  readonly ratioMedian: number;
  readonly ratioMin: number;
  readonly ratioMax: number;
  /** Medians, each over its own runs: their quotient need not be the median of ratios. */
  readonly ms: number;
  readonly baselineMs: number;
}

/**
 * Ratios are taken within pairs, so that what slows a machine for a while slows both sides of a ratio.
 *
 * @param pairs at least one
 */
export function summarize(pairs: readonly Pair[]): Summary {
  const ratios = pairs.map(({ baseline, ours }) => costOf(baseline) / costOf(ours));
  return {
    ratioMedian: median(ratios),
    ratioMin: Math.min(...ratios),
    ratioMax: Math.max(...ratios),
    ms: median(pairs.map(({ ours }) => ours.ms)),
    baselineMs: median(pairs.map(({ baseline }) => baseline.ms)),
  };
}

/** The middle number, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error("median: wanted numbers, got none.");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function costOf({ ms, cost = ms }: Sample): number {
  return cost;
}
