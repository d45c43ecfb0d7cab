import { type Backend, BunrakuError } from "@bunraku/backends";
import { chooseJobs, type JobsChoice } from "./choose-jobs.ts";

/** What `--backend` may name. */
export const backendNames = ["auto", "ort-node", "ort-web", "webgpu", "reference"] as const;
export type BackendName = (typeof backendNames)[number];

export interface BackendChoice {
  /** @default "ort-node", which starts at once; `auto` looks for a GPU first */
  readonly backend?: BackendName;
  /** Of all jobs together. */
  readonly threads?: number;
  /** @default 1 */
  readonly jobs?: JobsChoice;
  /** Milliseconds after which `auto` gives a candidate up. */
  readonly limit?: number;
}

/**
 * Makes the backend that a command was asked to use.
 *
 * @returns The backend, owned by the caller.
 * @throws `BACKEND_MISSING`, `BACKEND_UNAVAILABLE`; `OPTION` when threads are asked of one that has none; `signal.reason`
 */
export async function createBackend(choice: BackendChoice, signal: AbortSignal): Promise<Backend> {
  const { backend = "ort-node", limit } = choice;
  const { jobs, threads } = chooseJobs(choice);
  const ofThreads = threads === undefined ? {} : { threads };
  switch (backend) {
    case "ort-node": {
      const { ortNode } = await import("@bunraku/backends/ort-node");
      return sideBySide(jobs, () => ortNode(ofThreads));
    }
    case "ort-web": {
      const { ortWeb } = await import("@bunraku/backends/ort-web");
      return sideBySide(jobs, () => ortWeb(ofThreads));
    }
    case "webgpu": {
      expectNoThreads(backend, threads);
      const { webgpu } = await import("@bunraku/animate/webgpu");
      return webgpu({ signal });
    }
    case "reference": {
      expectNoThreads(backend, threads);
      const { reference } = await import("@bunraku/backends/reference");
      return reference({ operators: [(await import("@bunraku/warp/reference")).gridSampleOperator] });
    }
    case "auto": {
      const { auto } = await import("@bunraku/backends/auto");
      const { kernels } = await import("@bunraku/animate/webgpu");
      const { gridSampleOperator } = await import("@bunraku/warp/reference");
      return auto({
        kernels,
        operators: [gridSampleOperator],
        ortNode: ofThreads,
        ortWeb: ofThreads,
        signal,
        ...(limit !== undefined && { limit }),
      });
    }
  }
}

async function sideBySide(jobs: number, make: () => Promise<Backend>): Promise<Backend> {
  if (jobs === 1) return make();
  const { backendPool } = await import("@bunraku/backends/pool");
  return backendPool(jobs, make);
}

function expectNoThreads(backend: BackendName, threads: number | undefined): void {
  if (threads === undefined) return;
  throw new BunrakuError("OPTION", `--threads is for ort-node and ort-web; ${backend} has none. Leave it out.`);
}
