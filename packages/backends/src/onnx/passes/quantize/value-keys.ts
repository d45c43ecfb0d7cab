import type { Graph, GraphNode } from "../../graph.ts";

/**
 * Names the values of a graph after the weights that made them, so that what is known of a value (its range) can be
 * stored, and found again in a graph that was built another day.
 *
 * A convolution's result is named like its weights ("bottleneck.r0.conv1"), an input as it is; other values are named by
 * their operator and the last thing it reads ("Relu(first.norm)" would be "Relu:BatchNormalization:first.conv").
 *
 * @param graph as the layers wrote it, not rewritten
 * @returns Keys by the names of values; each key is given once.
 */
export function valueKeys(graph: Graph): ReadonlyMap<string, string> {
  const keys = new Map(graph.inputs.map(({ name }) => [name, name]));
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const uses = new Map<string, number>();
  for (const node of graph.nodes) {
    const key = keyOf(node, keys, constants);
    for (const [at, output] of node.outputs.entries()) {
      const wanted = at === 0 ? key : `${key}.${at}`;
      const count = uses.get(wanted) ?? 0;
      uses.set(wanted, count + 1);
      keys.set(output, count === 0 ? wanted : `${wanted}#${count}`);
    }
  }
  return keys;
}

/** The key of a layer: its weights' name, without the word. */
export function layerKey(node: GraphNode): string {
  return node.inputs[1]!.replace(/\.weight$/, "");
}

function keyOf(node: GraphNode, keys: ReadonlyMap<string, string>, constants: ReadonlySet<string>): string {
  if (node.op === "Conv" && constants.has(node.inputs[1]!)) return layerKey(node);
  const last = [...node.inputs].reverse().find((name) => keys.has(name));
  return last === undefined ? node.op : `${node.op}:${keys.get(last)}`;
}
