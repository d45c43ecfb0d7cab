import type { Graph, GraphNode, GraphValue, Initializer } from "../../graph.ts";
import { withoutUnused } from "../without-unused.ts";

/**
 * Writes batch normalisation as what it is at inference, one factor and one summand per channel: into the convolution
 * before it where nothing else reads that, else as a multiplication and an addition.
 *
 * Same output, up to rounding (factors are computed in float64); less work.
 *
 * @param graph borrowed; arrays that do not change are shared with the result
 */
export function foldBatchNorm(graph: Graph): Graph {
  const constants = new Map(graph.initializers.map((initializer) => [initializer.name, initializer]));
  const uses = countUses(graph);
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const nodes = new Map<GraphNode, readonly GraphNode[]>(graph.nodes.map((node) => [node, [node]]));
  const added: Initializer[] = [];
  const known = new Map(graph.values?.map((value) => [value.name, value]));
  const values: GraphValue[] = [];
  const constant = (name: string, dims: readonly number[], data: Float32Array): string => {
    added.push({ name, type: "float32", dims, data });
    return name;
  };
  for (const node of graph.nodes) {
    const terms = node.op === "BatchNormalization" ? termsOf(node, constants) : undefined;
    if (!terms) continue;
    const [x] = node.inputs as [string];
    const [y] = node.outputs as [string];
    const before = makers.get(x);
    const [weight, bias] = before?.op === "Conv" ? before.inputs.slice(1).map((name) => constants.get(name)) : [];
    if (before && weight?.data instanceof Float32Array && uses.get(x) === 1) {
      const scaled = constant(`${y}.weight`, weight.dims, scaleRows(weight.data, terms.factors));
      const offsets = Float32Array.from(terms.summands, (summand, c) => {
        return summand + terms.factors[c]! * ((bias?.data[c] as number | undefined) ?? 0);
      });
      const shifted = constant(`${y}.bias`, [offsets.length], offsets);
      nodes.set(before, [{ ...before, inputs: [before.inputs[0]!, scaled, shifted], outputs: [y] }]);
      nodes.set(node, []);
    } else {
      const dims = [terms.factors.length, 1, 1];
      const product = `${y}.scaled`;
      const result = known.get(y);
      if (result) values.push({ ...result, name: product });
      const factor = constant(`${y}.factor`, dims, Float32Array.from(terms.factors));
      const summand = constant(`${y}.summand`, dims, Float32Array.from(terms.summands));
      nodes.set(node, [
        { op: "Mul", name: product, inputs: [x, factor], outputs: [product], attributes: {} },
        { op: "Add", name: node.name, inputs: [product, summand], outputs: [y], attributes: {} },
      ]);
    }
  }
  return withoutUnused({
    ...graph,
    nodes: [...nodes.values()].flat(),
    initializers: [...graph.initializers, ...added],
    ...(graph.values && { values: [...graph.values, ...values] }),
  });
}

function countUses(graph: Graph): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const names = [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)];
  for (const name of names) uses.set(name, (uses.get(name) ?? 0) + 1);
  return uses;
}

/** y = factor · x + summand; `undefined` when the statistics are no constants. */
function termsOf(
  { inputs, attributes }: GraphNode,
  constants: ReadonlyMap<string, Initializer>,
): { factors: number[]; summands: number[] } | undefined {
  const parts = inputs.slice(1).map((name) => constants.get(name)?.data);
  if (parts.length !== 4 || !parts.every((part) => part instanceof Float32Array)) return undefined;
  const [scale, bias, mean, variance] = parts as [Float32Array, Float32Array, Float32Array, Float32Array];
  const { epsilon } = attributes;
  const least = typeof epsilon === "object" && "float" in epsilon ? epsilon.float : 1e-5;
  const factors = Array.from(scale, (value, c) => value / Math.sqrt(variance[c]! + least));
  return { factors, summands: Array.from(bias, (value, c) => value - mean[c]! * factors[c]!) };
}

function scaleRows(weights: Float32Array, factors: readonly number[]): Float32Array {
  const row = weights.length / factors.length;
  return weights.map((weight, at) => weight * factors[Math.floor(at / row)]!);
}
