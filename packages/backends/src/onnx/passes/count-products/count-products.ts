import { sizeOf } from "../../../contract/tensor.ts";
import type { Graph, GraphNode } from "../../graph.ts";

/**
 * Multiplications of one run in convolutions and matrix products: padding counts, additions, activations and sampling do
 * not.
 *
 * @see spec 6, how it counts
 */
export function countProducts(graph: Graph): number {
  const dims = new Map(
    [...graph.inputs, ...graph.initializers, ...(graph.values ?? []), ...graph.outputs].map((value) => [
      value.name,
      value.dims,
    ]),
  );
  let sum = 0;
  for (const node of graph.nodes) sum += productsOf(node, (name) => dims.get(name) ?? []);
  return sum;
}

function productsOf({ op, inputs, outputs }: GraphNode, dimsOf: (name: string) => readonly number[]): number {
  const [x, w] = inputs as [string, string];
  const given = sizeOf(dimsOf(outputs[0]!));
  // Each output of a convolution sums over one kernel's inputs; each input of a transposed one goes to one kernel's outputs.
  if (op === "Conv") return given * sizeOf(dimsOf(w).slice(1));
  if (op === "ConvTranspose") return sizeOf(dimsOf(x)) * sizeOf(dimsOf(w).slice(1));
  if (op === "MatMul") return given * (dimsOf(x).at(-1) ?? 0);
  return 0;
}
