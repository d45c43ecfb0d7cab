import type { Attribute, Graph, GraphNode, GraphValue, Initializer } from "../../graph.ts";
import { foldBatchNorm } from "../fold-batch-norm/fold-batch-norm.ts";
import { withoutUnused } from "../without-unused.ts";
import type { LayerForm } from "./layer-form.ts";
import { type ByteLayer, dataInputs, planQuantization } from "./plan-quantization.ts";
import { quantizeWeights } from "./quantize-weights.ts";
import { layerKey, valueKeys } from "./value-keys.ts";
import type { ByteScale, ValueRange } from "./value-range.ts";

export interface QuantizeOptions {
  /** The range of values, by their keys (`valueKeys`); a convolution of which none is known stays as it is. */
  readonly ranges: ReadonlyMap<string, ValueRange>;
  /** Layers, by their keys, that compute in float32 nonetheless. @default none */
  readonly keep?: ReadonlySet<string>;
}

/**
 * Lets convolutions, and what lies between them, compute in 8-bit integers: activations as bytes, by their ranges; weights
 * as signed bytes, by channel; sums in 32 bits. Written as QuantizeLinear and DequantizeLinear around float operators (QDQ),
 * which runtimes with integer kernels fuse, and all others compute as it stands.
 *
 * Not the same output: as near as 256 steps per value allow.
 *
 * @param graph as the layers wrote it, batch normalisation included; borrowed
 */
export function quantize(graph: Graph, options: QuantizeOptions): Graph {
  const { folded, plan } = planOf(graph, options);
  const writer = new QdqWriter(folded, plan.scales);
  for (const node of folded.nodes) {
    if (plan.absorbed.has(node)) continue;
    const layer = plan.layers.get(node.name);
    if (layer) writer.layer(layer);
    else if (plan.followers.has(node)) writer.follower(node);
    else writer.plain(node);
  }
  return writer.graph();
}

/** The layers, by their keys, that `quantize` lets compute in integers with these options. */
export function quantizedLayers(graph: Graph, options: QuantizeOptions): readonly string[] {
  const { plan, layers } = planOf(graph, options);
  return [...plan.layers.keys()].flatMap((name) => layers.get(name) ?? []);
}

/** The values whose ranges `quantize` asks for: their keys, by the names that they have in the graph. */
export function valuesToMeasure(graph: Graph): ReadonlyMap<string, string> {
  const keys = valueKeys(graph);
  const asked = new Map<string, string>();
  planQuantization(foldBatchNorm(graph), {
    rangeOf: (value) => {
      const key = keys.get(value);
      if (key === undefined) return undefined;
      asked.set(value, key);
      return [0, 1];
    },
    chosen: () => true,
  });
  return asked;
}

function planOf(graph: Graph, { ranges, keep = new Set() }: QuantizeOptions) {
  const keys = valueKeys(graph);
  const layers = new Map(graph.nodes.filter(({ op }) => op === "Conv").map((node) => [node.name, layerKey(node)]));
  const folded = foldBatchNorm(graph);
  const plan = planQuantization(folded, {
    rangeOf: (value) => ranges.get(keys.get(value) ?? ""),
    chosen: ({ name }) => !keep.has(layers.get(name)!),
  });
  return { folded, plan, layers };
}

/** Writes nodes around values that are bytes, and knows which are. */
class QdqWriter {
  #graph: Graph;
  #scales: ReadonlyMap<string, ByteScale>;
  #dims: ReadonlyMap<string, readonly number[]>;
  #nodes: GraphNode[] = [];
  #initializers = new Map<string, Initializer>();
  #values = new Map<string, GraphValue>();
  /** Values that are there as bytes, and those of them that were read as floats since. */
  #bytes = new Set<string>();
  #read = new Set<string>();
  #computed = new Set<string>();

  constructor(graph: Graph, scales: ReadonlyMap<string, ByteScale>) {
    this.#graph = graph;
    this.#scales = scales;
    this.#dims = new Map([...graph.inputs, ...(graph.values ?? [])].map(({ name, dims }) => [name, dims]));
    for (const initializer of graph.initializers) this.#initializers.set(initializer.name, initializer);
    for (const value of graph.values ?? []) this.#values.set(value.name, value);
  }

  /** A node that computes in float32. */
  plain(node: GraphNode): void {
    this.#nodes.push({
      ...node,
      inputs: node.inputs.map((name) => (this.#computed.has(name) ? this.#floats(name) : name)),
    });
  }

  /** A node that reads bytes, and gives bytes. */
  follower(node: GraphNode): void {
    const data = new Set(dataInputs(node));
    const inputs = node.inputs.map((name) => (data.has(name) ? this.#floats(name) : name));
    this.#give(node, inputs, { attributes: node.attributes, block: 1, margin: 0 }, node.outputs[0]!);
  }

  layer({ node, input, result, form }: ByteLayer): void {
    const { scale } = this.#scales.get(input)!;
    const { weights, scales, bias } = quantizeWeights(form.weights, form.bias, scale);
    const weight = this.#integers(`${result}.weight`, "int8", form.dims, weights, scales);
    const biasScales = scales.map((channel) => channel * scale);
    const offset = this.#integers(`${result}.bias`, "int32", [bias.length], bias, biasScales);
    this.#give({ ...node, op: "Conv" }, [this.#floats(input), weight, offset], form, result);
  }

  graph(): Graph {
    const { pieces = [], ...graph } = this.#graph;
    const names = new Set(this.#nodes.map(({ name }) => name));
    return withoutUnused({
      ...graph,
      nodes: this.#nodes,
      initializers: [...this.#initializers.values()],
      values: [...this.#values.values()],
      pieces: pieces.filter(({ nodes }) => nodes.every((name) => names.has(name))),
    });
  }

  /** The value as floats that stand for bytes: as its bytes say, quantised first where it was not computed as bytes. */
  #floats(value: string): string {
    const name = `${value}.dequantized`;
    if (this.#read.has(value)) return name;
    if (!this.#bytes.has(value)) this.#quantize(value, value);
    this.#add("DequantizeLinear", [`${value}.bytes`, ...this.#scaleOf(value)], name, "float32", this.#dims.get(value));
    this.#read.add(value);
    return name;
  }

  #give(
    node: GraphNode,
    inputs: readonly string[],
    { attributes, block, margin }: Pick<LayerForm, "attributes" | "block" | "margin">,
    result: string,
  ): void {
    const exact = `${result}.exact`;
    this.#nodes.push({ ...node, inputs, outputs: [exact], attributes });
    this.#computed.add(result);
    const dims = this.#dims.get(result);
    if (block === 1) {
      if (dims) this.#values.set(exact, { name: exact, type: "float32", dims });
      this.#quantize(exact, result);
      return;
    }
    const blocks = `${result}.blocks`;
    this.#add("QuantizeLinear", [exact, ...this.#scaleOf(result)], blocks, "uint8");
    this.#spread(blocks, `${result}.bytes`, dims as [number, number, number, number], block, margin);
    this.#bytes.add(result);
  }

  /**
   * Blocks of pixels that lie in channels, to their places. Channels go last meanwhile: integer kernels have them there,
   * and then whole rows of a block are moved at a time.
   */
  #spread(
    from: string,
    to: string,
    dims: readonly [number, number, number, number],
    block: number,
    margin: number,
  ): void {
    const [, channels, height, width] = dims;
    const [rows, columns] = [(height + 2 * margin) / block, (width + 2 * margin) / block];
    const run = block * channels;
    const step = (op: string, inputs: string[], shape: number[], attributes: Record<string, Attribute> = {}) => {
      const last = this.#nodes.at(-1)!.outputs[0]!;
      return this.#add(op, [last, ...inputs], `${from}.${this.#nodes.length}`, "uint8", shape, attributes);
    };
    step("Transpose", [], [1, rows, columns, block * run], { perm: [0, 2, 3, 1] });
    step("Reshape", [this.#ints([rows, columns, block, run])], [rows, columns, block, run]);
    step("Transpose", [], [rows, block, columns, run], { perm: [0, 2, 1, 3] });
    const large = [1, rows * block, columns * block, channels];
    step("Reshape", [this.#ints(large)], large);
    if (margin > 0) {
      const [start, end] = [
        [margin, margin],
        [margin + height, margin + width],
      ];
      step("Slice", [this.#ints(start), this.#ints(end), this.#ints([1, 2])], [1, height, width, channels]);
    }
    const last = this.#nodes.at(-1)!.outputs[0]!;
    this.#add("Transpose", [last], to, "uint8", dims, { perm: [0, 3, 1, 2] });
  }

  #ints(values: readonly number[]): string {
    return this.#constant(`ints ${values.join(" ")}`, "int64", [values.length], BigInt64Array.from(values, BigInt));
  }

  #quantize(from: string, value: string): void {
    this.#add("QuantizeLinear", [from, ...this.#scaleOf(value)], `${value}.bytes`, "uint8", this.#dims.get(value));
    this.#bytes.add(value);
  }

  #scaleOf(value: string): [string, string] {
    const { scale, zeroPoint } = this.#scales.get(value)!;
    return [
      this.#constant(`scale ${scale}`, "float32", [], Float32Array.of(scale)),
      this.#constant(`zero ${zeroPoint}`, "uint8", [], Uint8Array.of(zeroPoint)),
    ];
  }

  /** Integers with a scale per channel, as floats. */
  #integers(
    name: string,
    type: "int8" | "int32",
    dims: readonly number[],
    data: Int8Array | Int32Array,
    scales: Float32Array,
  ): string {
    const inputs = [
      this.#constant(`${name}.integers`, type, dims, data),
      this.#constant(`${name}.scales`, "float32", [scales.length], scales),
    ];
    const attributes = { axis: 0 };
    return this.#add("DequantizeLinear", inputs, name, "float32", dims, attributes);
  }

  #constant(name: string, type: Initializer["type"], dims: readonly number[], data: Initializer["data"]): string {
    if (!this.#initializers.has(name)) this.#initializers.set(name, { name, type, dims, data });
    return name;
  }

  #add(
    op: string,
    inputs: readonly string[],
    output: string,
    type: GraphValue["type"],
    dims?: readonly number[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    this.#nodes.push({ op, name: `${output}.${op}`, inputs, outputs: [output], attributes });
    if (dims) this.#values.set(output, { name: output, type, dims });
    return output;
  }
}
