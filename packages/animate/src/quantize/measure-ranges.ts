import type { Backend, Values } from "@bunraku/backends";
import { type Graph, loadGraph, type ValueRange, valuesToMeasure } from "@bunraku/backends/onnx";
import { ValueHistogram } from "./value-histogram.ts";

/** Values are looked at in portions of about this many numbers, so that memory stays bounded. */
const portion = 2 ** 26;

/** The ranges of a graph's values, from least to greatest and cut off where that is better. */
export interface MeasuredRanges {
  readonly whole: Readonly<Record<string, ValueRange>>;
  readonly clipped: Readonly<Record<string, ValueRange>>;
}

/**
 * Runs a graph in float32 and looks at all values that quantisation asks for.
 *
 * @param feeds borrowed; one run each
 * @param onRun called after each
 */
export async function measureRanges(
  backend: Backend,
  graph: Graph,
  feeds: readonly Values[],
  { signal, onRun }: { readonly signal?: AbortSignal; readonly onRun?: () => void } = {},
): Promise<MeasuredRanges> {
  const keys = valuesToMeasure(graph);
  const histograms = new Map([...keys.values()].map((key) => [key, new ValueHistogram()]));
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const values = (graph.values ?? []).filter(({ name }) => keys.has(name));
  const add = (name: string, data: unknown) => histograms.get(keys.get(name)!)!.add(data as Float32Array);
  // What lies between the nodes of a piece is an output now.
  const { pieces: _, ...rest } = graph;
  const load = { ...(signal && { signal }) };
  await using session = await loadGraph(backend, { ...rest, outputs: values }, load);
  for (const feed of feeds) {
    for (const names of portions(values)) {
      const given = await session.run(feed, { outputs: names, ...load });
      for (const name of names) add(name, given[name]!.data);
    }
    for (const name of inputs) if (keys.has(name)) add(name, await feed[name]!.read());
    onRun?.();
  }
  const all = [...histograms];
  return {
    whole: Object.fromEntries(all.map(([key, histogram]) => [key, histogram.range])),
    clipped: Object.fromEntries(all.map(([key, histogram]) => [key, histogram.clippedRange])),
  };
}

function portions(values: readonly { name: string; dims: readonly number[] }[]): string[][] {
  const all: string[][] = [];
  let left = 0;
  for (const { name, dims } of values) {
    const size = dims.reduce((product, dim) => product * dim, 1);
    if (size > left || all.length === 0) {
      all.push([]);
      left = portion;
    }
    all.at(-1)!.push(name);
    left -= size;
  }
  return all;
}
