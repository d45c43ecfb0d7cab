import { availableParallelism, totalmem } from "node:os";
import { BunrakuError } from "@bunraku/backends";
import type { BackendChoice } from "./create-backend.ts";

/** How many pictures are rendered at once: each job has a backend, and the model, of its own. */
export type JobsChoice = number | "auto";

/** What a machine has to give. */
export interface Machine {
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
}

/** The largest official models take a gigabyte per job, and other programs want to live, too. */
const bytesPerJob = 4 * 2 ** 30;

/**
 * How many jobs, and how many threads each has; `undefined` leaves threads to the backend.
 *
 * `auto` is a job per core with one thread each, but not more than one for each 4 GB of memory: on a processor that makes
 * more frames than one job with all the threads.
 *
 * @throws `OPTION` when jobs are asked of a backend that has no use for them
 */
export function chooseJobs(
  { backend = "ort-node", jobs = 1, threads }: BackendChoice,
  { cores, memory }: Machine = { cores: availableParallelism(), memory: totalmem() },
): { readonly jobs: number; readonly threads?: number } {
  const possible = backend === "ort-node" || backend === "ort-web";
  if (typeof jobs === "number" && jobs > 1 && !possible) {
    throw new BunrakuError("OPTION", `--jobs is for ort-node and ort-web; ${backend} works alone. Leave it out.`);
  }
  const shared = threads ?? cores;
  const wanted = jobs === "auto" ? Math.min(shared, Math.floor(memory / bytesPerJob)) : jobs;
  if (!possible || wanted <= 1) return { jobs: 1, ...(threads !== undefined && { threads }) };
  return { jobs: wanted, threads: Math.max(1, Math.floor(shared / wanted)) };
}
