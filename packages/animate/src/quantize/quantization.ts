import { type Graph, quantize, type Rewrite, type ValueRange } from "@bunraku/backends/onnx";

/** How one graph of a model computes in integers. */
export interface GraphQuantization {
  /** The range of each value, by its key (`valueKeys`). */
  readonly ranges: Readonly<Record<string, ValueRange>>;
  /** Layers that stay in float32, by their keys. */
  readonly keep: readonly string[];
}

/** How a model computes in integers: its graphs, by their names. Others compute in float32. */
export type Quantization = Readonly<Record<string, GraphQuantization>>;

/** Quantises the graphs that are named, and leaves the others as they are. */
export function quantizing(quantization: Quantization): Rewrite {
  return (graph: Graph) => {
    if (!Object.hasOwn(quantization, graph.name)) return graph;
    const { ranges, keep } = quantization[graph.name]!;
    return quantize(graph, { ranges: new Map(Object.entries(ranges)), keep: new Set(keep) });
  };
}
