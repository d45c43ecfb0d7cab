import type { Backend, LoadOptions, Session } from "../contract/backend.ts";
import { tensor } from "../contract/tensor.ts";
import type { Graph } from "../onnx/graph.ts";
import { GraphBuilder } from "../onnx/graph-builder.ts";
import { loadGraph } from "../onnx/load-graph.ts";
import { type ConvSite, convSites } from "../onnx/passes/conv-forms/conv-site.ts";
import { rewriteConvs } from "../onnx/passes/conv-forms/rewrite-convs.ts";
import { pixelRows } from "../onnx/passes/pixel-rows/pixel-rows.ts";
import { type FormName, fits, formNames, mapForms, rowForms } from "./forms.ts";
import { layerKey, layerOf } from "./layer.ts";
import type { MeasuredLayer } from "./measurements.ts";

export interface MeasureOptions extends LoadOptions {
  /** How often each form runs; the fastest run counts, as everything else on the machine only adds to it. @default 7 */
  readonly rounds?: number;
}

/**
 * Measures on a backend every form of every layer of some graphs, alternating between the forms of a layer.
 *
 * Weights and inputs are noise: forms take as long whatever the numbers.
 *
 * @param backend borrowed
 * @returns By `layerKey`: the fastest form beside the plain one.
 * @throws as `Backend.load` does; `signal.reason`
 */
export async function measureLayers(
  backend: Backend,
  graphs: readonly Graph[],
  { rounds = 7, signal, onProgress }: MeasureOptions = {},
): Promise<Record<string, MeasuredLayer>> {
  const sites = new Map(graphs.flatMap(convSites).map((site) => [layerKey(layerOf(site)), site]));
  const measured: Record<string, MeasuredLayer> = {};
  for (const [key, site] of sites) {
    onProgress?.({ phase: "warm-up", loaded: Object.keys(measured).length, total: sites.size });
    const forms = formNames.filter((form) => fits(form, site));
    if (forms.length === 1) continue;
    const times = await measureForms(backend, site, forms, rounds, signal);
    const [form, milliseconds] = [...times].sort((a, b) => a[1] - b[1])[0]!;
    measured[key] = [form, milliseconds, times.get("plain")!];
  }
  return measured;
}

async function measureForms(
  backend: Backend,
  site: ConvSite,
  forms: readonly FormName[],
  rounds: number,
  signal?: AbortSignal,
): Promise<Map<FormName, number>> {
  const graph = layerAlone(site);
  const load = signal ? { signal } : {};
  const times = new Map<FormName, number>();
  const sessions = new Map<FormName, Session>();
  try {
    for (const form of forms) sessions.set(form, await loadGraph(backend, write(graph, form), load));
    using x = tensor("float32", new Float32Array(site.channels[0]), [1, site.channels[0], 1, 1]);
    for (let round = 0; round <= rounds; round++) {
      for (const [form, session] of sessions) {
        const begin = performance.now();
        const values = await session.run({ x }, load);
        const took = performance.now() - begin;
        for (const value of Object.values(values)) value[Symbol.dispose]();
        if (round > 0) times.set(form, Math.min(took, times.get(form) ?? took)); // the first run warms up
      }
    }
  } finally {
    for (const session of sessions.values()) await session[Symbol.asyncDispose]();
  }
  return times;
}

function write(graph: Graph, form: FormName): Graph {
  const side = rowForms[form];
  return side ? pixelRows(graph, () => side) : rewriteConvs(graph, () => mapForms[form]);
}

/** The layer between two activations, from a small input to one number, so that little else is measured. */
function layerAlone({
  batch,
  channels: [inputs, outputs],
  kernel,
  pads,
  inputSize,
  outputSize,
  upsampling,
}: ConvSite): Graph {
  const g = new GraphBuilder("layer");
  const noise = (length: number, low: number) =>
    Float32Array.from({ length }, (_, i) => low + ((i * 7919) % 1009) / 1009);
  const x = g.input("x", [1, inputs, 1, 1]);
  const dims = [batch, inputs, ...inputSize];
  const map = g.node("Add", [g.floats(noise(batch * inputs * inputSize[0] * inputSize[1], 0), dims), x], dims);
  let given = g.node("Relu", [map], dims);
  if (upsampling) {
    const large = [batch, inputs, 2 * inputSize[0], 2 * inputSize[1]];
    given = g.node("Resize", [given, undefined, g.floats([1, 1, 2, 2])], large, {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    });
  }
  const weight = g.floats(noise(outputs * inputs * kernel[0] * kernel[1], -0.5), [outputs, inputs, ...kernel]);
  const bias = g.floats(noise(outputs, -0.5));
  const result = g.node("Conv", [given, weight, bias], [batch, outputs, ...outputSize], { kernel_shape: kernel, pads });
  const largest = g.node("ReduceMax", [g.node("Relu", [result], result.dims)], [1, 1, 1, 1]);
  g.output(largest, "y");
  return g.build();
}
