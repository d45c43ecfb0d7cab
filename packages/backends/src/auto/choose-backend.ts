import type { Backend } from "../contract/backend.ts";
import { BunrakuError } from "../contract/error.ts";
import type { Candidate, Check } from "../contract/report.ts";
import { firstLine } from "../proof/first-line.ts";
import { proveOperators } from "../proof/prove-operators.ts";
import { recordChecks } from "../proof/record-checks.ts";
import { within } from "../proof/within.ts";
import type { AutoCandidate, AutoOptions } from "./candidate.ts";
import { withCandidates } from "./with-candidates.ts";

/**
 * Takes the first candidate that is there, can be made, and gives right numbers.
 *
 * @returns The backend, owned by the caller; `report.candidates` says of each why it was taken or passed over.
 * @throws `BACKEND_UNAVAILABLE` with every candidate's reason; `OPTION`; `signal.reason`
 */
export async function chooseBackend(candidates: readonly AutoCandidate[], options: AutoOptions): Promise<Backend> {
  const { signal } = options;
  const looked: Candidate[] = [];
  let taken: { readonly backend: Backend; readonly name: string } | undefined;
  for (const candidate of inOrder(candidates, options.prefer ?? [])) {
    const { name } = candidate;
    if (taken) {
      looked.push({ name, chosen: false, reason: `It was not tried: ${taken.name} works.` });
      continue;
    }
    signal?.throwIfAborted();
    try {
      const { backend, proved } = await tried(candidate, options);
      taken = { backend, name };
      looked.push({ name, chosen: true, reason: proved });
    } catch (error) {
      signal?.throwIfAborted();
      looked.push({ name, chosen: false, reason: `${firstLine(error)}.` });
    }
  }
  if (taken) return withCandidates(taken.backend, looked);
  const reasons = looked.map(({ name, reason }) => `${name}: ${reason}`).join(" ");
  throw new BunrakuError(
    "BACKEND_UNAVAILABLE",
    `auto: no backend works here. ${reasons || "There are no candidates."}`,
  );
}

/** @throws `OPTION` when a preferred name is nobody's */
function inOrder(candidates: readonly AutoCandidate[], prefer: readonly string[]): AutoCandidate[] {
  const first = prefer.map((name) => {
    const candidate = candidates.find((each) => each.name === name);
    if (candidate) return candidate;
    const known = candidates.map((each) => each.name).join(", ");
    throw new BunrakuError(
      "OPTION",
      `auto: prefer must name candidates, got ${JSON.stringify(name)}; there are ${known}.`,
    );
  });
  return [...new Set([...first, ...candidates])];
}

/** Makes a candidate and has it prove itself. @throws with the reason when it will not do */
async function tried(candidate: AutoCandidate, options: AutoOptions): Promise<{ backend: Backend; proved: string }> {
  const { limit = 60_000, signal, onProgress } = options;
  const missing = await candidate.unavailable?.(options);
  if (missing !== undefined) throw new Error(missing);
  const making = candidate.create(options);
  let backend: Backend;
  try {
    backend = await within(making, limit, signal);
  } catch (error) {
    discard(making);
    throw error;
  }
  try {
    if (candidate.proves) return { backend, proved: "It works, and gave the right answers." };
    const checks = await proveOperators(backend, {
      limit,
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    const failed = checks.filter(({ pass }) => !pass);
    if (failed.length > 0) throw new Error(failureOf(failed));
    recordChecks(backend, checks);
    return { backend, proved: `It works, and gave the right answers to all ${checks.length} checks.` };
  } catch (error) {
    discard(making);
    throw error;
  }
}

function failureOf(failed: readonly Check[]): string {
  const [{ name, problem, maxAbsError, tolerance }] = failed as [Check, ...Check[]];
  const found = problem ?? `it differs by ${maxAbsError.toPrecision(2)} (allowed: ${tolerance})`;
  const more = failed.length > 1 ? `; ${failed.length - 1} more checks failed` : "";
  return `The check "${name}" failed: ${found}${more}`;
}

/** Lets go of a backend without waiting: one that does not answer does not let go, either. */
function discard(making: Promise<Backend>): void {
  making.then((backend) => backend[Symbol.asyncDispose]()).catch(() => undefined);
}
