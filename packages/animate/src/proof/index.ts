export { type ProveOptions, prove } from "./prove.ts";
export { StageRunner } from "./run-stages.ts";
export type { ModelNumbers, Stage, StageNumbers } from "./stage-numbers.ts";
