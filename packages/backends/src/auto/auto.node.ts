import type { Backend } from "../contract/backend.ts";
import type { AutoCandidate, AutoOptions } from "./candidate.ts";
import { chooseBackend } from "./choose-backend.ts";
import { ortWebCandidate, referenceCandidate, webgpuCandidate } from "./common-candidates.ts";
import { nodeCandidates } from "./node-candidates.ts";

// The exports map gives this file to Node, and auto.ts to all others: browsers must not see names of native packages.
export type { AutoCandidate, AutoOptions } from "./candidate.ts";
export { ortWebCandidate, referenceCandidate, webgpuCandidate };

/** What `auto` tries here, in order: CUDA, WebGPU on a GPU, the processor natively, WebAssembly, the reference. */
export const candidates: readonly AutoCandidate[] = nodeCandidates;

/**
 * The fastest backend that works here; see `auto.ts`, which says what it does, of which this is Node's.
 *
 * A runtime that ends the process instead of throwing ends this one: `bunraku doctor` tries each in one of its own.
 *
 * @returns The backend, owned by the caller.
 * @throws `BACKEND_UNAVAILABLE` with every candidate's reason when none works; `OPTION`; `signal.reason`
 */
export async function auto(options: AutoOptions = {}): Promise<Backend> {
  return chooseBackend(options.candidates ?? candidates, options);
}
