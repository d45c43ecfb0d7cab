import { architectureOf, plansDetector } from "@bunraku/animate";
import { type Weights, zeros } from "@bunraku/backends";
import type { TensorSpec } from "@bunraku/backends/layers";
import { type GraphPlan, measurements, planLayers } from "@bunraku/backends/plan";
import type { Family } from "@bunraku/checkpoints";

/** Backends that plans are made for. */
export type PlanBackend = keyof typeof measurements;

/** What `bunraku inspect --plan` says of a model. */
export interface PlanInspection {
  readonly backend: PlanBackend;
  /** Where the times were measured. */
  readonly measured: string;
  readonly plans: readonly GraphPlan[];
}

/**
 * How a model's convolutions are written on a backend, and why. Nothing is run, and no weights are read: the plan depends
 * on sizes alone. A graph that stays as it is has none.
 */
export function inspectPlan(
  family: Family,
  modelParams: unknown,
  [height, width]: readonly [number, number],
  backend: PlanBackend = "ort-node",
): PlanInspection {
  const architecture = architectureOf(family, modelParams);
  const size = { height, width };
  const detector = empty(architecture.specs.kp_detector);
  const generator = empty(architecture.specs.generator);
  const graphs = [
    ...(plansDetector(architecture) ? [architecture.detectorGraph(detector, size)] : []),
    architecture.sourceGraph(generator, size),
    architecture.frameGraph(generator, { size, alignCorners: true }),
  ];
  const by = measurements[backend];
  return { backend, measured: by.where, plans: graphs.map((graph) => planLayers(graph, by)) };
}

function empty(specs: readonly TensorSpec[]): Weights {
  return new Map(specs.map(({ name, dims }) => [name, zeros(dims)]));
}

/** A table per graph, for people. */
export function planLines({ backend, measured, plans }: PlanInspection): string {
  const lines = [`plan for ${backend}, by what was measured with ${measured}:`];
  for (const { graph, layers } of plans) {
    lines.push(`  ${graph}:`);
    for (const { layer, form, products, by, measured: times } of layers) {
      const cost = `${(products / 1e6).toFixed(0).padStart(6)} M products`;
      const why = !times
        ? "nothing like it was measured"
        : `${times.milliseconds} ms in place of ${times.plain}${by === layer ? "" : ` for ${by}`}`;
      const reason = times && form === "plain" ? `no form was faster${by === layer ? "" : ` for ${by}`}` : why;
      lines.push(`    ${layer.padEnd(30)} ${cost}  ${form.padEnd(11)} ${reason}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
