import { sizeOf } from "../../../contract/tensor.ts";
import type { Graph, GraphNode, Initializer } from "../../graph.ts";
import { withoutUnused } from "../without-unused.ts";

/**
 * Writes convolutions in groups whose number of outputs is above 4 and no multiple of 4, while that of all groups together
 * is one, without groups: weights between groups are zeros.
 *
 * Same output, as many times the work as there are groups: for runtimes that get such convolutions wrong, as
 * onnxruntime-web 1.30.0 does on WebGPU. Those of our networks are 1×1 and small.
 *
 * @param graph borrowed; arrays that do not change are shared with the result
 */
export function ungroup(graph: Graph): Graph {
  const constants = new Map(graph.initializers.map((initializer) => [initializer.name, initializer]));
  const added = new Map<string, Initializer>();
  const nodes = graph.nodes.map((node): GraphNode => {
    const weight = node.op === "Conv" ? constants.get(node.inputs[1]!) : undefined;
    const { group = 1, ...attributes } = node.attributes;
    const outputs = weight?.dims[0] ?? 0;
    const each = outputs / Number(group);
    if (!weight || group === 1 || each <= 4 || each % 4 === 0 || outputs % 4 !== 0) return node;
    const dense = blockDiagonal(weight, Number(group));
    added.set(dense.name, dense);
    return { ...node, inputs: node.inputs.map((name, at) => (at === 1 ? dense.name : name)), attributes };
  });
  return withoutUnused({ ...graph, nodes, initializers: [...graph.initializers, ...added.values()] });
}

/** `[O, I / groups, …]` → `[O, I, …]` */
function blockDiagonal({ name, dims, data }: Initializer, groups: number): Initializer {
  const [outputs, channels, ...kernel] = dims as [number, number, ...number[]];
  const area = sizeOf(kernel);
  const own = channels * area;
  const dense = new Float32Array(outputs * own * groups);
  for (let output = 0; output < outputs; output++) {
    const group = Math.floor((output * groups) / outputs);
    const row = (data as Float32Array).subarray(output * own, (output + 1) * own);
    dense.set(row, (output * groups + group) * own);
  }
  return { name: `${name}.ungrouped`, type: "float32", dims: [outputs, channels * groups, ...kernel], data: dense };
}
