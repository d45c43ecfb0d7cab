import type { Backend, Progress } from "../contract/backend.ts";
import type { Check, Form } from "../contract/report.ts";

/** How a backend is made to prove something. */
export interface ProofOptions {
  readonly signal?: AbortSignal;
  /** Called with phase "warm-up" after each check. */
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds after which a check that has not ended fails. @default 20000 */
  readonly limit?: number;
}

/** What a check found: the worst difference, and what was allowed there. */
export interface Finding {
  readonly maxAbsError: number;
  readonly tolerance: number;
  /** What is wrong with the numbers, if more can be said than by how much. */
  readonly problem?: string;
}

/** What is checked. `tolerance` is what is said where there was no answer. */
export type Subject = Pick<Check, "name" | "kind" | "tolerance">;

/**
 * One proof of a backend, check by check. What throws or hangs is a failed check, never a crash; an abort is thrown.
 *
 * After a check that hung nothing more is run: sessions of a backend wait for each other.
 */
export class ProofRun {
  readonly checks: Check[] = [];
  readonly #form: Form;
  readonly #options: ProofOptions;
  readonly #total: number;
  #silent: string | undefined;

  /** @param total Checks that are coming, for progress. */
  constructor(backend: Backend, total: number, options: ProofOptions = {}) {
    this.#form = formOf(backend);
    this.#options = options;
    this.#total = total;
  }

  /** Whether the backend has answered so far, rightly or wrongly. */
  get answers(): boolean {
    return this.#silent === undefined;
  }

  /**
   * Runs one check and notes it.
   *
   * @param measure Loads and runs what is checked, and lets go of it.
   * @throws `signal.reason`
   */
  async check({ name, kind, tolerance }: Subject, measure: () => Promise<Finding>): Promise<Check> {
    const { signal, onProgress, limit = 20_000 } = this.#options;
    signal?.throwIfAborted();
    const begin = performance.now();
    let finding: Finding = { maxAbsError: Number.NaN, tolerance };
    try {
      if (this.#silent) throw new Error(`it was not run: the backend did not answer at "${this.#silent}"`);
      finding = await within(measure(), limit, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Silence) this.#silent = name;
      finding = { ...finding, problem: sentenceOf(error) };
    }
    const { problem, maxAbsError } = finding;
    const check: Check = {
      name,
      kind,
      form: this.#form,
      // Not-a-number is no number that is small enough.
      pass: problem === undefined && maxAbsError <= finding.tolerance,
      maxAbsError,
      tolerance: finding.tolerance,
      milliseconds: performance.now() - begin,
      ...(problem !== undefined && { problem }),
    };
    this.checks.push(check);
    onProgress?.({ phase: "warm-up", loaded: this.checks.length, total: this.#total });
    return check;
  }
}

class Silence extends Error {}

/** What `work` gives; rejects when that takes longer than `limit` milliseconds, or on an abort. The work itself goes on. */
async function within<T>(work: Promise<T>, limit: number, signal: AbortSignal | undefined): Promise<T> {
  work.catch(() => undefined);
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

/** By which form a backend runs operators of graphs, as far as its report tells. */
function formOf({ name, report }: Backend): Form {
  if (report?.providers[0] === "wasm") return "wasm";
  return name === "reference" ? "typescript" : "ort";
}

function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0]!.trim().replace(/\.$/, "") || "it failed without a word";
}
