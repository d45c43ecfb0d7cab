import type { Backend } from "../contract/backend.ts";
import type { AutoCandidate, AutoOptions } from "./candidate.ts";
import { chooseBackend } from "./choose-backend.ts";
import { ortWebCandidate, referenceCandidate, webgpuCandidate } from "./common-candidates.ts";

export type { AutoCandidate, AutoOptions } from "./candidate.ts";
export { ortWebCandidate, referenceCandidate, webgpuCandidate };

/** What `auto` tries here, in order. */
export const candidates: readonly AutoCandidate[] = [webgpuCandidate, ortWebCandidate, referenceCandidate];

/**
 * The fastest backend that works here: a GPU (one of silicon; a software one is passed over unless `software` allows it),
 * then onnxruntime on the processor, then the reference where `operators` are handed in.
 *
 * Each candidate is made and has to give right answers to every operator of the networks; what fails is passed over, and
 * `report.candidates` says why. Runtimes are imported when they are tried. In Node this subpath is another file, which
 * tries native runtimes, too.
 *
 * @returns The backend, owned by the caller.
 * @throws `BACKEND_UNAVAILABLE` with every candidate's reason when none works; `OPTION`; `signal.reason`
 * @example
 * await using backend = await auto({ kernels: [...warpKernels, ...keypointKernels, ...motionKernels] });
 * console.table(backend.report!.candidates);
 */
export async function auto(options: AutoOptions = {}): Promise<Backend> {
  return chooseBackend(options.candidates ?? candidates, options);
}
