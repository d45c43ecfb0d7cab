import type { Graph } from "../graph.ts";

/** A graph without constants that no node reads, and without what is known of values that no node gives. */
export function withoutUnused(graph: Graph): Graph {
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  const given = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  return {
    ...graph,
    initializers: graph.initializers.filter(({ name }) => read.has(name)),
    ...(graph.values && { values: graph.values.filter(({ name }) => given.has(name)) }),
  };
}
