import type { Backend } from "../contract/backend.ts";
import type { BackendReport, Candidate } from "../contract/report.ts";
import { withReport } from "../proof/with-report.ts";

/**
 * The backend, its report with the candidates in it. A backend without a report gets one, by a backend around it.
 *
 * @param backend Owned by the result, which is mostly itself.
 */
export function withCandidates(backend: Backend, candidates: readonly Candidate[]): Backend {
  const { report } = backend;
  if (report && Object.isExtensible(report)) {
    // A report is a live view that others only look at.
    (report as { candidates?: BackendReport["candidates"] }).candidates = candidates;
    return backend;
  }
  const own = report ?? { runtime: backend.name, providers: [], precision: "float32" as const, checks: [] };
  return withReport(backend, { ...own, candidates });
}
