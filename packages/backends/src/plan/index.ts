export { type FormName, formNames } from "./forms.ts";
export { type MeasureOptions, measureLayers } from "./measure-layers.ts";
export type { MeasuredLayer, Measurements } from "./measurements.ts";
export { type GraphPlan, type PlannedLayer, planGraph, planLayers } from "./plan-graph.ts";
export { measurements, type Planning, planningFor } from "./planning.ts";
