import type { Graph } from "../onnx/graph.ts";
import { plainProducts } from "../onnx/passes/conv-forms/conv-form.ts";
import { type ConvSite, convSites } from "../onnx/passes/conv-forms/conv-site.ts";
import { rewriteConvs } from "../onnx/passes/conv-forms/rewrite-convs.ts";
import { foldBatchNorm } from "../onnx/passes/fold-batch-norm/fold-batch-norm.ts";
import { chained } from "../onnx/passes/pixel-rows/chains.ts";
import { pixelRows } from "../onnx/passes/pixel-rows/pixel-rows.ts";
import { type FormName, fits, mapForms, rowForms } from "./forms.ts";
import { distance, type Layer, layerKey, layerOf, parseLayer } from "./layer.ts";
import type { MeasuredLayer, Measurements } from "./measurements.ts";

/** What a plan says of one convolution. */
export interface PlannedLayer {
  /** The value that it gives. */
  readonly output: string;
  /** "256>128 3x3 64x64 doubled": channels, kernel, size of what it reads */
  readonly layer: string;
  readonly form: FormName;
  /** Multiplications of the convolution as it stands. */
  readonly products: number;
  /** The measured layer that decided: this one, or the one most like it. Absent: none is like it. */
  readonly by?: string;
  /** What was measured there, in milliseconds. */
  readonly measured?: { readonly milliseconds: number; readonly plain: number };
}

/** How a graph's convolutions are to be written, and why. */
export interface GraphPlan {
  readonly graph: string;
  readonly layers: readonly PlannedLayer[];
}

/** Layers that differ by more than this many doublings of channels and pixels, in sum, say nothing about each other. */
const farthest = 4;
/** A form must be faster by this much: less is within what timing resolves. */
const worthIt = 0.95;

/**
 * Chooses a form for each convolution of a graph, by what was measured for it or for the layer most like it.
 *
 * @param graph borrowed
 * @returns The plan, and the graph as it says: the same inputs and outputs, the same values up to rounding.
 */
export function planGraph(graph: Graph, measurements: Measurements): { plan: GraphPlan; graph: Graph } {
  const folded = foldBatchNorm(graph);
  const plan = planFolded(folded, measurements);
  const asItIs = plan.layers.every(({ form }) => form === "plain");
  return { plan, graph: asItIs ? graph : writePlan(folded, plan.layers) };
}

/** The plan alone: what `planGraph` would do, without doing it. */
export function planLayers(graph: Graph, measurements: Measurements): GraphPlan {
  return planFolded(foldBatchNorm(graph), measurements);
}

function planFolded(folded: Graph, { layers: measured, rowsInChains }: Measurements): GraphPlan {
  const sites = convSites(folded);
  const known = Object.entries(measured).map(([key, layer]) => ({ key, layer, like: parseLayer(key)! }));
  const found = new Map(sites.map((site) => [site, lookUp(site, known)]));
  const filtered = sites.filter((site) => /^(winograd|rows)/.test(found.get(site)!.form));
  const inChains = rowsInChains ? chained(folded, filtered) : new Set<ConvSite>();
  const layers = sites.map((site) => {
    const { form, ...why } = found.get(site)!;
    return {
      output: site.output,
      layer: layerKey(layerOf(site)),
      form: inChains.has(site) ? (form.replace("winograd", "rows") as FormName) : form,
      products: plainProducts(site),
      ...why,
    };
  });
  return { graph: folded.name, layers };
}

/** Names stay what they are through both passes, so that convolutions are found by what they give. */
function writePlan(graph: Graph, layers: readonly PlannedLayer[]): Graph {
  const forms = new Map(layers.map(({ output, form }) => [output, form]));
  const rows = pixelRows(graph, ({ output }) => rowForms[forms.get(output)!]);
  return rewriteConvs(rows, ({ output }) => mapForms[forms.get(output) ?? "plain"]);
}

type Found = Pick<PlannedLayer, "form" | "by" | "measured">;

function lookUp(
  site: ConvSite,
  known: readonly { readonly key: string; readonly layer: MeasuredLayer; readonly like: Layer }[],
): Found {
  const layer = layerOf(site);
  let nearest: (typeof known)[number] | undefined;
  let least = farthest;
  for (const entry of known) {
    const away = distance(layer, entry.like);
    if (away > least || (nearest && away === least)) continue;
    [nearest, least] = [entry, away];
  }
  if (!nearest) return { form: "plain" };
  const [form, milliseconds, plain] = nearest.layer;
  const pays = milliseconds < worthIt * plain && fits(form, site);
  return { form: pays ? form : "plain", by: nearest.key, measured: { milliseconds, plain } };
}
