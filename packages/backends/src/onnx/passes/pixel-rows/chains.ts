import type { Graph } from "../../graph.ts";
import type { ConvSite } from "../conv-forms/conv-site.ts";

/** Operators that do to rows what they do to maps. */
export const rowOperators: ReadonlySet<string> = new Set(["Relu", "Add", "Mul"]);

/** Values that the inputs of `sites` are made of by row operators: what is wanted as rows. */
export function wantedAsRows(graph: Graph, sites: Iterable<ConvSite>): ReadonlySet<string> {
  const inputs = new Map([...sites].map(({ conv, input }) => [conv, input]));
  const wanted = new Set<string>();
  for (const node of [...graph.nodes].reverse()) {
    const input = inputs.get(node);
    if (input !== undefined) wanted.add(input);
    else if (rowOperators.has(node.op) && wanted.has(node.outputs[0]!))
      for (const read of node.inputs) wanted.add(read);
  }
  return wanted;
}

/** Those of `sites` that read another's output, or whose output another reads, with no more than row operators between. */
export function chained(graph: Graph, sites: readonly ConvSite[]): ReadonlySet<ConvSite> {
  const outputs = new Set(sites.map(({ output }) => output));
  const given = new Set(outputs);
  for (const { op, inputs, outputs } of graph.nodes) {
    if (rowOperators.has(op) && inputs.some((input) => given.has(input))) given.add(outputs[0]!);
  }
  const wanted = wantedAsRows(graph, sites);
  return new Set(sites.filter(({ input, output }) => given.has(input) || wanted.has(output)));
}
