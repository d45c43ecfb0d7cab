/** What one run gave. */
export interface Sample {
  /** Milliseconds, per frame where there are frames. */
  readonly ms: number;
  /** What the ratio is made of, where that is not time: peak memory, say. @default ms */
  readonly cost?: number;
}

/** Does its work once, and says what it took, if it knows better than a clock around it. */
export type Workload = (signal: AbortSignal) => Promise<Sample | undefined>;

/** Two workloads that are ready to run: models loaded, inputs read. */
export interface Contest extends AsyncDisposable {
  readonly baseline: Workload;
  readonly ours: Workload;
  /** After both ran, the warm-up too: results can be compared here, where nothing is timed. */
  afterPair?(): void;
  /** What turned out while they ran, in a sentence that goes after the note: how far results differ, say. */
  findings?(): string;
  /** Lines for people, below the result. */
  table?(): string;
}

export interface BenchContext {
  readonly signal: AbortSignal;
  /** Says what is being done; for people who wait. */
  progress(what: string): void;
}

/** A comparison of two things. */
export interface Bench {
  /** Parts by slashes: what runs, on what, how. */
  readonly name: string;
  /** What ours is compared with. */
  readonly baseline: string;
  /** What is measured. */
  readonly note: string;
  /** Takes long, or needs what is rarely there: it runs when a filter is its whole name, or the option of this name is given. */
  readonly onRequest?: true | "pytorch";
  prepare(context: BenchContext): Promise<Contest>;
}

/** Thrown by `prepare` where something is missing that a machine need not have. */
export class Skipped extends Error {}
