import type { Backend, Check, LoadOptions } from "@bunraku/backends";
import { type ProofOptions, ProofRun } from "@bunraku/backends/proof";
import type { Family } from "@bunraku/checkpoints";
import { compareStage, toleranceOf } from "./compare-stage.ts";
import { proofNumbers } from "./proof-numbers.ts";
import { StageRunner } from "./run-stages.ts";
import { type Stage, stages } from "./stage-numbers.ts";

export interface ProveOptions extends ProofOptions {
  /** Of models. @default all */
  readonly families?: readonly Family[];
}

/**
 * Makes a backend run small models from pictures to frames, and compares points, motion and frames with stored numbers.
 *
 * A model is three graphs (detector, source, frame), and each is a check of its own: "fomm detector". What a check says
 * is of the field that is worst for its tolerance; `problem` names all that are wrong. Tolerances are those of the
 * precision that the backend's report says.
 *
 * @param backend Borrowed. Nothing is recorded in its report.
 * @returns The checks, in order; those that failed have `pass: false`, also where the backend threw or did not answer.
 * @throws `signal.reason`
 */
export async function prove(backend: Backend, options: ProveOptions = {}): Promise<readonly Check[]> {
  const { families = Object.keys(proofNumbers) as Family[], signal } = options;
  const run = new ProofRun(backend, families.length * stages.length, options);
  for (const family of families) await proveFamily(backend, family, run, signal ? { signal } : {});
  return run.checks;
}

async function proveFamily(backend: Backend, family: Family, run: ProofRun, load: LoadOptions): Promise<void> {
  const precision = backend.report?.precision ?? "float32";
  const wanted = proofNumbers[family];
  const runner = new StageRunner(backend, family, load);
  const numbersOf = (stage: Stage) => (stage === "frame" ? runner.frame(wanted.detector) : runner[stage]());
  try {
    for (const stage of stages) {
      const tolerance = toleranceOf(Object.keys(wanted[stage])[0]!, precision);
      await run.check({ name: `${family} ${stage}`, kind: "graph", tolerance }, async () =>
        compareStage(await numbersOf(stage), wanted[stage], precision),
      );
    }
  } finally {
    const end = runner[Symbol.asyncDispose]();
    end.catch(() => undefined);
    // A backend that does not answer does not let go of sessions, either.
    if (run.answers && !load.signal?.aborted) await end;
  }
}
