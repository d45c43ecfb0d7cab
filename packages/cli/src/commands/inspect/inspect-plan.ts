import { architectureOf } from "@bunraku/animate";
import { BunrakuError, type Weights, zeros } from "@bunraku/backends";
import type { TensorSpec } from "@bunraku/backends/layers";
import { type GraphPlan, measurementsFor, planLayers } from "@bunraku/backends/plan";
import type { Family } from "@bunraku/checkpoints";

/** What `bunraku inspect --plan` says of a model. */
export interface PlanInspection {
  readonly backend: string;
  /** Where the times were measured. */
  readonly measured: string;
  readonly plans: readonly GraphPlan[];
}

/** Backends that plans are made for, and how they are known. */
const planned = { "ort-node": "cpu", "ort-web": "wasm" } as const;

/**
 * How a model's convolutions are written on a backend, and why. Nothing is run, and no weights are read: the plan depends
 * on sizes alone.
 *
 * @throws `OPTION` for a backend that no plans are made for
 */
export function inspectPlan(
  family: Family,
  modelParams: unknown,
  [height, width]: readonly [number, number],
  backend = "ort-node",
): PlanInspection {
  const provider = planned[backend as keyof typeof planned];
  const measurements = provider && measurementsFor({ name: backend, report: reportOf(provider) });
  if (!measurements) {
    const known = Object.keys(planned).join(" and ");
    throw new BunrakuError(
      "OPTION",
      `--backend: plans are made for ${known}, not for ${backend}, whose graphs stay as they are.`,
    );
  }
  const architecture = architectureOf(family, modelParams);
  const size = { height, width };
  const detector = empty(architecture.specs.kp_detector);
  const generator = empty(architecture.specs.generator);
  const graphs = [
    architecture.detectorGraph(detector, size),
    architecture.sourceGraph(generator, size),
    architecture.frameGraph(generator, { size, alignCorners: true }),
  ];
  return { backend, measured: measurements.where, plans: graphs.map((graph) => planLayers(graph, measurements)) };
}

function empty(specs: readonly TensorSpec[]): Weights {
  return new Map(specs.map(({ name, dims }) => [name, zeros(dims)]));
}

function reportOf(provider: string) {
  return { runtime: "", providers: [provider], precision: "float32", checks: [] } as const;
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
