import type { Bench, BenchContext, Contest, Sample, Workload } from "./bench.ts";
import { type Pair, type Summary, summarize } from "./statistics.ts";

/** One row of `--json`. */
export interface Result extends Summary {
  readonly name: string;
  readonly baseline: string;
  readonly note: string;
}

/** A bench that was run. */
export interface Outcome {
  readonly result: Result;
  readonly pairs: number;
  /** Lines for people. */
  readonly table: string | undefined;
}

export interface Effort {
  /** Pairs at most. */
  readonly rounds: number;
  /** After which no further pair begins; there is one pair at least. */
  readonly seconds: number;
}

/**
 * Warms both workloads up, then runs them in turns. Every other pair begins with ours: whatever the first of a pair has
 * to bear (a cooler processor, a cache that the other left), both bear it.
 *
 * @throws What a workload throws; `signal.reason`
 */
export async function runBench(bench: Bench, { rounds, seconds }: Effort, context: BenchContext): Promise<Outcome> {
  const { signal, progress } = context;
  progress("preparing");
  await using contest = await bench.prepare(context);
  progress("warming up");
  await time(contest.baseline, signal);
  await time(contest.ours, signal);
  contest.afterPair?.();
  const pairs: Pair[] = [];
  const begun = performance.now();
  while (pairs.length < rounds && (pairs.length === 0 || performance.now() - begun < 1000 * seconds)) {
    progress(`pair ${pairs.length + 1} of ${rounds}`);
    pairs.push(await runPair(contest, pairs.length % 2 === 1, signal));
    contest.afterPair?.();
  }
  const { name, baseline, note } = bench;
  const findings = contest.findings?.();
  return {
    result: { name, baseline, ...summarize(pairs), note: findings ? `${note} ${findings}` : note },
    pairs: pairs.length,
    table: contest.table?.(),
  };
}

async function runPair({ baseline, ours }: Contest, oursFirst: boolean, signal: AbortSignal): Promise<Pair> {
  if (!oursFirst) return { baseline: await time(baseline, signal), ours: await time(ours, signal) };
  const first = await time(ours, signal);
  return { baseline: await time(baseline, signal), ours: first };
}

async function time(run: Workload, signal: AbortSignal): Promise<Sample> {
  signal.throwIfAborted();
  const begun = performance.now();
  const known = await run(signal);
  const ms = performance.now() - begun;
  signal.throwIfAborted();
  return known ?? { ms };
}
