import type { Backend } from "../contract/backend.ts";
import type { Graph } from "../onnx/graph.ts";
import { ortNodeCpu } from "./measured/ort-node-cpu.ts";
import { ortWebWasm } from "./measured/ort-web-wasm.ts";
import type { Measurements } from "./measurements.ts";
import { type GraphPlan, planGraph } from "./plan-graph.ts";

/** Plans graphs for one kind of backend, and keeps what it planned. */
export interface Planning {
  readonly measurements: Measurements;
  /** What was planned so far, in order. */
  readonly plans: readonly GraphPlan[];
  /** For `loadGraph` and `createModel`. */
  readonly rewrite: (graph: Graph) => Graph;
}

/**
 * Plans for a backend by what was measured on backends of its kind.
 *
 * @param measured Use these, such as `measureLayers` made on this machine; `true` for those that come with this package. @default true
 * @returns `undefined` for a backend of which nothing is known: its graphs had better stay as they are.
 */
export function planningFor(backend: Backend, measured: Measurements | true = true): Planning | undefined {
  const by = measured === true ? measuredOn(backend) : measured;
  if (!by) return undefined;
  const plans: GraphPlan[] = [];
  const rewrite = (graph: Graph) => {
    const planned = planGraph(graph, by);
    plans.push(planned.plan);
    return planned.graph;
  };
  return { measurements: by, plans, rewrite };
}

/** What comes with this package, by the names of backends: measured on processors. */
export const measurements: Readonly<Record<"ort-node" | "ort-web", Measurements>> = {
  "ort-node": ortNodeCpu,
  "ort-web": ortWebWasm,
};

const providers: Readonly<Record<keyof typeof measurements, string>> = { "ort-node": "cpu", "ort-web": "wasm" };

function measuredOn({ name, report }: Backend): Measurements | undefined {
  const known = name === "ort-node" || name === "ort-web";
  return known && report?.providers[0] === providers[name] ? measurements[name] : undefined;
}
