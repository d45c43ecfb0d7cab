import type { Backend } from "../contract/backend.ts";
import type { Check } from "../contract/report.ts";

/** Adds what a backend has proved to its report; one without a report remembers nothing. */
export function recordChecks(backend: Backend, checks: readonly Check[]): void {
  // Others only look at the list; this is the one place that adds to it.
  (backend.report?.checks as Check[] | undefined)?.push(...checks);
}
