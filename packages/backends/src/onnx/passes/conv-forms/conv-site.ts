import type { Graph, GraphNode, Initializer } from "../../graph.ts";

/** An ordinary convolution of a graph (no groups, no strides, no dilation, constant weights), with what is known of it. */
export interface ConvSite {
  readonly conv: GraphNode;
  /** The nearest ×2 `Resize` whose result it alone reads, if there is one: forms do without the large map. */
  readonly upsampling?: GraphNode;
  /** What it reads: the small map, where there is `upsampling`. */
  readonly input: string;
  readonly output: string;
  /** `[O, I, h, w]` */
  readonly weight: Initializer & { readonly data: Float32Array };
  /** `[O]` */
  readonly bias?: Initializer;
  /** Images in one run. */
  readonly batch: number;
  /** I and O. */
  readonly channels: readonly [inputs: number, outputs: number];
  readonly kernel: readonly [height: number, width: number];
  /** Zeros around the (large) input: top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number];
  /** Of `input`, in pixels. */
  readonly inputSize: readonly [height: number, width: number];
  readonly outputSize: readonly [height: number, width: number];
}

/** The ordinary convolutions of a graph, in running order. */
export function convSites(graph: Graph): readonly ConvSite[] {
  const constants = new Map(graph.initializers.map((initializer) => [initializer.name, initializer]));
  const dims = new Map([...graph.inputs, ...(graph.values ?? [])].map((value) => [value.name, value.dims]));
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const reads = new Map<string, number>();
  for (const name of [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)])
    reads.set(name, (reads.get(name) ?? 0) + 1);
  const inPieces = new Set(graph.pieces?.flatMap(({ nodes }) => nodes));
  return graph.nodes.flatMap((conv): ConvSite[] => {
    const [x, weightName, biasName] = conv.inputs as [string, string?, string?];
    const weight = conv.op === "Conv" ? constants.get(weightName ?? "") : undefined;
    const bias = biasName ? constants.get(biasName) : undefined;
    const size = dims.get(x);
    if (!weight || !(weight.data instanceof Float32Array) || (biasName && !bias) || size?.length !== 4) return [];
    if (inPieces.has(conv.name) || !isOrdinary(conv)) return [];
    const before = makers.get(x);
    const upsampling = before && reads.get(x) === 1 && isNearestDouble(before, constants) ? before : undefined;
    const [outputs, inputs, ...kernel] = weight.dims as [number, number, number, number];
    const [batch, , height, width] = size as [number, number, number, number];
    const pads = (conv.attributes.pads ?? [0, 0, 0, 0]) as ConvSite["pads"];
    const scale = upsampling ? 2 : 1;
    return [
      {
        conv,
        ...(upsampling && { upsampling }),
        input: upsampling ? upsampling.inputs[0]! : x,
        output: conv.outputs[0]!,
        weight: weight as ConvSite["weight"],
        ...(bias && { bias }),
        batch,
        channels: [inputs, outputs],
        kernel,
        pads,
        inputSize: [height / scale, width / scale],
        outputSize: [height + pads[0] + pads[2] - kernel[0] + 1, width + pads[1] + pads[3] - kernel[1] + 1],
      },
    ];
  });
}

function isOrdinary({ attributes }: GraphNode): boolean {
  const { strides = [1, 1], dilations = [1, 1], group = 1, auto_pad = "NOTSET" } = attributes;
  return `${strides}` === "1,1" && `${dilations}` === "1,1" && group === 1 && auto_pad === "NOTSET";
}

/** Whether a node shows each pixel as 2 × 2. */
export function isNearestDouble(node: GraphNode, constants: ReadonlyMap<string, Initializer>): boolean {
  const { mode, coordinate_transformation_mode: coordinates, nearest_mode: rounding } = node.attributes;
  const scales = constants.get(node.inputs[2] ?? "")?.data;
  const known = mode === "nearest" && coordinates === "asymmetric" && rounding === "floor";
  return node.op === "Resize" && known && scales !== undefined && `${scales}` === "1,1,2,2";
}
