import type { Backend, Progress } from "../contract/backend.ts";
import type { Check, Form } from "../contract/report.ts";
import { firstLine } from "./first-line.ts";
import { Silence, within } from "./within.ts";

/** How a backend is made to prove something. */
export interface ProofOptions {
  readonly signal?: AbortSignal;
  /** Called with phase "warm-up" after each check. */
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Milliseconds after which a check that has not ended fails: against what hangs, not against what is slow.
   *
   * @default 120000; ten times that on a software device, which compiles a network's shaders for minutes
   */
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
  readonly #limit: number;
  #silent: string | undefined;

  /** @param total Checks that are coming, for progress. */
  constructor(backend: Backend, total: number, options: ProofOptions = {}) {
    this.#form = formOf(backend);
    this.#limit = backend.report?.device?.software ? 1_200_000 : 120_000;
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
    const { signal, onProgress, limit = this.#limit } = this.#options;
    signal?.throwIfAborted();
    const begin = performance.now();
    let finding: Finding = { maxAbsError: Number.NaN, tolerance };
    try {
      if (this.#silent) throw new Error(`it was not run: the backend did not answer at "${this.#silent}"`);
      finding = await within(measure(), limit, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Silence) this.#silent = name;
      finding = { ...finding, problem: firstLine(error) };
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

/** By which form a backend runs operators of graphs, as far as its report tells. */
function formOf({ name, report }: Backend): Form {
  if (report?.providers[0] === "wasm") return "wasm";
  return name === "reference" ? "typescript" : "ort";
}
