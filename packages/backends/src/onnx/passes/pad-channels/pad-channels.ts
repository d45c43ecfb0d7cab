import { sizeOf } from "../../../contract/tensor.ts";
import type { Graph, GraphNode, GraphValue, Initializer } from "../../graph.ts";
import { withoutUnused } from "../without-unused.ts";

/**
 * Gives convolutions whose number of input channels is a multiple of 3 but not of 4 (and above 3) channels of zeros up to a
 * multiple of 4, and their weights zeros for them.
 *
 * Same output, a little more work: for runtimes that get such convolutions wrong, as onnxruntime-web 1.30.0 does on
 * WebGPU, without a word, when the output channels are a multiple of 4. Monkey-Net's networks are full of them.
 *
 * @param graph borrowed; arrays that do not change are shared with the result
 */
export function padChannels(graph: Graph): Graph {
  const constants = new Map(graph.initializers.map((initializer) => [initializer.name, initializer]));
  const dims = new Map([...graph.inputs, ...(graph.values ?? [])].map((value) => [value.name, value]));
  const nodes: GraphNode[] = [];
  const added = new Map<string, Initializer>();
  const values: GraphValue[] = [];
  for (const node of graph.nodes) {
    const [x, weightName] = node.inputs as [string, string];
    const weight =
      node.op === "Conv" && Number(node.attributes.group ?? 1) === 1 ? constants.get(weightName) : undefined;
    const [outputs, channels, ...kernel] = weight?.dims ?? [];
    const input = dims.get(x);
    if (!weight || !input || !channels || channels % 3 !== 0 || channels % 4 === 0 || channels === 3) {
      nodes.push(node);
      continue;
    }
    const more = 4 - (channels % 4);
    const [batch, , ...sides] = input.dims as [number, ...number[]];
    const padded = `${x}.padded`;
    const nothing = zeros([batch, more, ...sides]);
    const wide = widen(weight, more, [outputs!, channels, ...kernel]);
    added.set(nothing.name, nothing);
    added.set(wide.name, wide);
    if (!values.some(({ name }) => name === padded)) {
      nodes.push({ op: "Concat", name: padded, inputs: [x, nothing.name], outputs: [padded], attributes: { axis: 1 } });
      values.push({ name: padded, type: "float32", dims: [batch, channels + more, ...sides] });
    }
    nodes.push({ ...node, inputs: [padded, wide.name, ...node.inputs.slice(2)] });
  }
  return withoutUnused({
    ...graph,
    nodes,
    initializers: [...graph.initializers, ...added.values()],
    ...(graph.values && { values: [...graph.values, ...values] }),
  });
}

function zeros(dims: readonly number[]): Initializer {
  return { name: `zeros_${dims.join("x")}`, type: "float32", dims, data: new Float32Array(sizeOf(dims)) };
}

/** `[O, I, …]` → `[O, I + more, …]` */
function widen(
  { name, data }: Initializer,
  more: number,
  [outputs, channels, ...kernel]: readonly number[],
): Initializer {
  const area = sizeOf(kernel);
  const [from, to] = [channels! * area, (channels! + more) * area];
  const wide = new Float32Array(outputs! * to);
  for (let row = 0; row < outputs!; row++)
    wide.set((data as Float32Array).subarray(row * from, (row + 1) * from), row * to);
  return { name: `${name}.padded`, type: "float32", dims: [outputs!, channels! + more, ...kernel], data: wide };
}
