export type { KnownGraph } from "./known-graph.ts";
export { type Finding, type ProofOptions, ProofRun, type Subject } from "./proof-run.ts";
export { proveOperators } from "./prove-operators.ts";
export { recordChecks } from "./record-checks.ts";
export { withReport } from "./with-report.ts";
