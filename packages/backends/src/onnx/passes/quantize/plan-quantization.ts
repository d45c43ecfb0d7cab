import type { Graph, GraphNode, Initializer } from "../../graph.ts";
import { isNearestDouble } from "../conv-forms/conv-site.ts";
import { blockForm, type LayerForm, upsampledForm } from "./layer-form.ts";
import { type ByteScale, byteScaleOf, hullOf, rangeOf, type ValueRange } from "./value-range.ts";

/** A convolution, or factors and summands per channel, whose result is bytes: with the ReLU after it, where there is one. */
export interface ByteLayer {
  readonly node: GraphNode;
  readonly input: string;
  readonly result: string;
  readonly form: LayerForm;
  /** Nodes that the layer stands for, besides its own. */
  readonly absorbed: readonly GraphNode[];
}

/** What computes in bytes. */
export interface QuantizationPlan {
  /** By the name of the node with which each begins. */
  readonly layers: ReadonlyMap<string, ByteLayer>;
  /** Other nodes that read and give bytes. */
  readonly followers: ReadonlySet<GraphNode>;
  readonly absorbed: ReadonlySet<GraphNode>;
  /** Of each value that is bytes, or is made bytes for a layer. */
  readonly scales: ReadonlyMap<string, ByteScale>;
  /** Values that are computed as bytes. */
  readonly bytes: ReadonlySet<string>;
}

export interface PlanOptions {
  readonly rangeOf: (value: string) => ValueRange | undefined;
  /** Whether a convolution, by its node's name, may compute in bytes. */
  readonly chosen: (node: GraphNode) => boolean;
}

/**
 * Chooses what computes in bytes: the convolutions that are wanted and whose ranges are known, and what lies between
 * them, so that bytes stay bytes.
 *
 * @param graph without batch normalisation
 */
export function planQuantization(graph: Graph, options: PlanOptions): QuantizationPlan {
  const constants = new Map(graph.initializers.map((initializer) => [initializer.name, initializer]));
  const readers = readersOf(graph);
  const given = new Set(graph.outputs.map(({ name }) => name));
  const only = (value: string) => {
    const all = readers.get(value) ?? [];
    return all.length === 1 && !given.has(value) ? all[0] : undefined;
  };
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const sizes = new Map((graph.values ?? []).map(({ name, dims }) => [name, dims]));
  const layers = new Map<string, ByteLayer>();
  const known = ({ input, result }: ByteLayer) => options.rangeOf(input) && options.rangeOf(result);
  for (const node of graph.nodes) {
    const layer =
      node.op === "Conv" && options.chosen(node) ? convolution(node, { constants, makers, sizes, only }) : undefined;
    if (layer && known(layer)) layers.set(node.name, layer);
  }
  for (const node of graph.nodes) {
    const layer = node.op === "Mul" ? affine(node, constants, only) : undefined;
    const read = layer && readers.get(layer.result)?.every(({ name }) => layers.has(name));
    if (layer && read && known(layer)) layers.set(node.name, layer);
  }
  return follow(graph, layers, constants, readers, options);
}

/** Lets bytes stay bytes: node by node forwards, then without those whose results nobody reads as bytes. */
function follow(
  graph: Graph,
  layers: ReadonlyMap<string, ByteLayer>,
  constants: ReadonlyMap<string, Initializer>,
  readers: ReadonlyMap<string, readonly GraphNode[]>,
  options: PlanOptions,
): QuantizationPlan {
  const absorbed = new Set([...layers.values()].flatMap((layer) => layer.absorbed));
  const scales = new Map<string, ByteScale>();
  const bytes = new Set<string>();
  const followers = new Set<GraphNode>();
  const scaleOf = (value: string): ByteScale | undefined => {
    const range = options.rangeOf(value);
    return scales.get(value) ?? (range && byteScaleOf(range));
  };
  for (const node of graph.nodes) {
    if (absorbed.has(node)) continue;
    const layer = layers.get(node.name);
    if (layer) {
      scales.set(layer.input, scaleOf(layer.input)!);
      scales.set(layer.result, scaleOf(layer.result)!);
      bytes.add(layer.result);
      continue;
    }
    const data = dataInputs(node).filter((name) => !constants.has(name));
    const scale = followerScale(node, data, bytes, scales, scaleOf);
    if (!scale) continue;
    for (const name of data) scales.set(name, scaleOf(name)!);
    scales.set(node.outputs[0]!, scale);
    bytes.add(node.outputs[0]!);
    followers.add(node);
  }
  const inputs = new Set([...layers.values()].map(({ input }) => input));
  for (const node of [...followers].reverse()) {
    const [result] = node.outputs as [string];
    const read = inputs.has(result) || readers.get(result)?.some((reader) => followers.has(reader));
    if (read) continue;
    followers.delete(node);
    bytes.delete(result);
    scales.delete(result);
  }
  return { layers, followers, absorbed, scales, bytes };
}

/** How the result of a node that may read bytes is written as bytes; `undefined` where it should not be. */
function followerScale(
  node: GraphNode,
  data: readonly string[],
  bytes: ReadonlySet<string>,
  scales: ReadonlyMap<string, ByteScale>,
  scaleOf: (value: string) => ByteScale | undefined,
): ByteScale | undefined {
  // These move bytes, or stay within their range.
  if (node.op === "AveragePool" || (node.op === "Resize" && node.attributes.mode === "nearest"))
    return bytes.has(data[0]!) ? scales.get(data[0]!) : undefined;
  if (node.op === "Concat" && data.length > 0 && data.length === node.inputs.length)
    return data.every((name) => bytes.has(name))
      ? byteScaleOf(hullOf(data.map((name) => rangeOf(scales.get(name)!))))
      : undefined;
  if (node.op === "Add" && data.length === 2)
    return data.some((name) => bytes.has(name)) && data.every(scaleOf) ? scaleOf(node.outputs[0]!) : undefined;
  return undefined;
}

type Only = (value: string) => GraphNode | undefined;

interface Surroundings {
  readonly constants: ReadonlyMap<string, Initializer>;
  readonly makers: ReadonlyMap<string, GraphNode>;
  readonly sizes: ReadonlyMap<string, readonly number[]>;
  readonly only: Only;
}

function convolution(node: GraphNode, { constants, makers, sizes, only }: Surroundings): ByteLayer | undefined {
  const [input, weight, offset] = node.inputs as [string, string, string?];
  const { dims = [], data: weights } = constants.get(weight) ?? {};
  if (!(weights instanceof Float32Array) || Number(node.attributes.group ?? 1) !== 1) return undefined;
  const bias = offset ? constants.get(offset)?.data : new Float32Array(dims[0]!);
  if (!(bias instanceof Float32Array)) return undefined;
  const plain = { dims, weights, bias };
  const same = keepsSize(node, dims);
  const before = makers.get(input);
  const { result, absorbed } = untilRelu(node, only);
  if (same && dims[2] === 3 && before && isNearestDouble(before, constants) && only(input) === node) {
    const form = upsampledForm(plain);
    return { node, input: before.inputs[0]!, result, form, absorbed: [before, ...absorbed] };
  }
  const size = sizes.get(node.outputs[0]!)?.slice(2) ?? [];
  const block = same && dims[0]! <= 4 ? [4, 2].find((side) => size.every((length) => length % side === 0)) : undefined;
  const form: LayerForm = block
    ? blockForm(plain, block, (dims[2]! - 1) / 2)
    : { ...plain, dims: dims as LayerForm["dims"], attributes: node.attributes, block: 1, margin: 0 };
  return { node, input, result, form, absorbed };
}

/** A square kernel that moves by one pixel, with as many zeros around as it reaches over. */
function keepsSize({ attributes }: GraphNode, [, , height, width]: readonly number[]): boolean {
  const { pads, strides = [1, 1], dilations = [1, 1] } = attributes as Record<string, readonly number[]>;
  const ones = [...strides, ...dilations].every((step) => step === 1);
  return ones && height === width && height! % 2 === 1 && [0, 1, 2, 3].every((i) => pads?.[i] === (height! - 1) / 2);
}

/** x · factor + summand per channel: a convolution that has one weight per channel. */
function affine(node: GraphNode, constants: ReadonlyMap<string, Initializer>, only: Only): ByteLayer | undefined {
  const [input, factor] = node.inputs as [string, string];
  const sum = only(node.outputs[0]!);
  if (sum?.op !== "Add" || constants.has(input)) return undefined;
  const [factors, summands] = [constants.get(factor), constants.get(sum.inputs[1]!)];
  const perChannel = (value: Initializer | undefined): value is Initializer & { data: Float32Array } =>
    value?.data instanceof Float32Array && value.dims.length === 3 && value.dims[0] === value.data.length;
  if (!perChannel(factors) || !perChannel(summands)) return undefined;
  const { result, absorbed } = untilRelu(sum, only);
  const channels = factors.data.length;
  const form: LayerForm = {
    attributes: { kernel_shape: [1, 1], group: channels },
    dims: [channels, 1, 1, 1],
    weights: factors.data,
    bias: summands.data,
    block: 1,
    margin: 0,
  };
  return { node, input, result, form, absorbed: [sum, ...absorbed] };
}

/** Bytes that stand for no negative numbers are cut off at zero: a ReLU costs nothing. */
function untilRelu({ outputs }: GraphNode, only: Only): Pick<ByteLayer, "result" | "absorbed"> {
  const next = only(outputs[0]!);
  return next?.op === "Relu" ? { result: next.outputs[0]!, absorbed: [next] } : { result: outputs[0]!, absorbed: [] };
}

/** What a node computes with: not the scales and sizes of a Resize. */
export function dataInputs(node: GraphNode): readonly string[] {
  return node.op === "Resize" ? node.inputs.slice(0, 1) : node.inputs;
}

function readersOf(graph: Graph): ReadonlyMap<string, readonly GraphNode[]> {
  const readers = new Map<string, GraphNode[]>();
  for (const node of graph.nodes)
    for (const name of node.inputs) readers.set(name, [...(readers.get(name) ?? []), node]);
  return readers;
}
