import { floatToHalf, halfToFloat } from "../../../numbers/half.ts";
import type { Graph, GraphNode, HalfGraph, HalfInitializer, Initializer } from "../../graph.ts";
import { foldBatchNorm } from "../fold-batch-norm/fold-batch-norm.ts";

/** What computes in half precision when what it reads is half already. */
const followers = new Set(["Relu", "LeakyRelu", "AveragePool", "Resize", "Add", "Mul", "Concat"]);

/** ONNX's numbers for the two types. */
const [float32, float16] = [1, 10];

/**
 * Lets convolutions, and what lies between them, compute in float16; inputs and outputs of the graph stay float32.
 *
 * In float32 stay: each convolution whose result nothing in half precision reads (the heads, whose scores become
 * heatmaps, jacobians, masks and colours), depthwise ones (anti-aliasing of pictures), and all else (softmax, keypoints,
 * grids and sampling): near ±1 float16 has steps of an eighth of a pixel at 256 × 256.
 *
 * @param graph borrowed
 */
export function toFloat16(graph: Graph): HalfGraph {
  const folded = foldBatchNorm(graph);
  const half = chooseHalf(folded);
  const constants = new Map(folded.initializers.map((initializer) => [initializer.name, initializer]));
  const halfValues = new Set(folded.nodes.filter((node) => half.has(node)).flatMap(({ outputs }) => outputs));
  const nodes: GraphNode[] = [];
  const initializers = new Map<string, Initializer | HalfInitializer>();
  const casts = new Set<string>();

  const as = (name: string, wanted: "float16" | "float32"): string => {
    const constant = constants.get(name);
    const isHalf = halfValues.has(name);
    if (constant) {
      const kept = wanted === "float16" && constant.type === "float32" ? toHalf(constant) : constant;
      initializers.set(kept.name, kept);
      return kept.name;
    }
    if (isHalf === (wanted === "float16")) return name;
    const cast = `${name}.${wanted}`;
    if (!casts.has(cast)) {
      const attributes = { to: wanted === "float16" ? float16 : float32 };
      nodes.push({ op: "Cast", name: cast, inputs: [name], outputs: [cast], attributes });
      casts.add(cast);
    }
    return cast;
  };

  for (const node of folded.nodes) {
    const inHalf = half.has(node);
    // Resize reads its scales and sizes as they are.
    const data = node.op === "Resize" ? 1 : node.inputs.length;
    const inputs = node.inputs.map((name, at) =>
      name === "" ? name : as(name, inHalf && at < data ? "float16" : "float32"),
    );
    nodes.push({ ...node, inputs });
  }
  // An output keeps its name, so what was computed in half precision gets another.
  const renamed = new Map(
    folded.outputs.filter(({ name }) => halfValues.has(name)).map(({ name }) => [name, `${name}.half`]),
  );
  const rename = (name: string) => renamed.get(name) ?? name;
  return {
    name: folded.name,
    nodes: [
      ...nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) })),
      ...[...renamed].map(([name, inner]): GraphNode => {
        return { op: "Cast", name: `${name}.cast`, inputs: [inner], outputs: [name], attributes: { to: float32 } };
      }),
    ],
    initializers: [...initializers.values()],
    inputs: folded.inputs,
    outputs: folded.outputs,
  };
}

/** Which nodes compute in half precision. */
function chooseHalf(graph: Graph): ReadonlySet<GraphNode> {
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const half = new Set<GraphNode>();
  const values = new Set<string>();
  for (const node of graph.nodes) {
    const depthwise = node.op === "Conv" && Number(node.attributes.group ?? 1) > 1;
    const follows = followers.has(node.op) && node.inputs.some((name) => values.has(name));
    const linear = node.op === "Resize" && node.attributes.mode !== "nearest";
    if ((node.op !== "Conv" || depthwise || !constants.has(node.inputs[1]!)) && (!follows || linear)) continue;
    half.add(node);
    for (const output of node.outputs) values.add(output);
  }
  // Heads: nothing half reads them, and the graph does not hand them out as features (those come out of a ReLU).
  for (const node of [...half].reverse()) {
    if (node.op !== "Conv") continue;
    const read = graph.nodes.some((other) => half.has(other) && other.inputs.includes(node.outputs[0]!));
    if (!read) half.delete(node);
  }
  return half;
}

function toHalf({ name, dims, data }: Initializer): HalfInitializer {
  const bits = Uint16Array.from(data as Float32Array, floatToHalf);
  // What is too large for float16 would be infinite; its largest number is the nearest.
  for (const [at, value] of bits.entries())
    if (!Number.isFinite(halfToFloat(value))) bits[at] = (value & 0x8000) | 0x7bff;
  return { name: `${name}.float16`, type: "float16", dims, data: bits };
}
