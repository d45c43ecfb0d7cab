import { type OrtNodeOptions, ortNode } from "../../../../ort-node/index.ts";
import { compareTensors } from "../../../../testing/compare-tensors.ts";
import { noise } from "../../../../testing/noise.ts";
import type { Graph } from "../../../graph.ts";
import { GraphBuilder } from "../../../graph-builder.ts";
import { loadGraph } from "../../../load-graph.ts";

/** A convolution as tests want it. */
export interface Layer {
  readonly channels: readonly [inputs: number, outputs: number];
  readonly size: readonly [height: number, width: number];
  /** @default [3, 3] */
  readonly kernel?: readonly [height: number, width: number];
  /** @default 1 on each side */
  readonly pads?: readonly [number, number, number, number];
  readonly upsampling?: boolean;
  readonly bias?: boolean;
  readonly batch?: number;
}

/** A graph of one convolution, after doubling the input if asked. */
export function layerGraph({
  channels: [inputs, outputs],
  size: [height, width],
  kernel = [3, 3],
  pads = [1, 1, 1, 1],
  upsampling = false,
  bias = true,
  batch = 1,
}: Layer): Graph {
  const g = new GraphBuilder("layer");
  const scale = upsampling ? 2 : 1;
  let x = g.input("x", [batch, inputs, height, width]);
  if (upsampling) {
    x = g.node("Resize", [x, undefined, g.floats([1, 1, 2, 2])], [batch, inputs, 2 * height, 2 * width], {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    });
  }
  const size = [
    scale * height + pads[0] + pads[2] - kernel[0] + 1,
    scale * width + pads[1] + pads[3] - kernel[1] + 1,
  ] as const;
  const weight = g.constant(noise([outputs, inputs, ...kernel], 2), "weight");
  const summand = bias ? g.constant(noise([outputs], 3), "bias") : undefined;
  const given = [x, weight, ...(summand ? [summand] : [])];
  g.output(g.node("Conv", given, [batch, outputs, ...size], { kernel_shape: kernel, pads }), "y");
  return g.build();
}

const options: OrtNodeOptions = { thread: "main", threads: 1 };

/** The largest difference between what two graphs of one input give, relative to the largest value. */
export async function differenceOf(a: Graph, b: Graph): Promise<number> {
  await using backend = await ortNode(options);
  await using first = await loadGraph(backend, a);
  await using second = await loadGraph(backend, b);
  const x = noise(a.inputs[0]!.dims, 1);
  const [got, wanted] = [(await first.run({ x })).y!, (await second.run({ x })).y!];
  const largest = (wanted.data as Float32Array).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(largest > 0)) throw new Error("a graph that gives nothing but zeros compares nothing");
  return compareTensors(got, wanted).maxAbsError / largest;
}
