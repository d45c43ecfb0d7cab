import { createModel } from "@bunraku/animate";
import { type Backend, tensor } from "@bunraku/backends";
import { encodeModel, type Graph, GraphBuilder } from "@bunraku/backends/onnx";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
// Not exported: nobody but tools counts.
import { countProducts } from "../../../packages/backends/src/onnx/passes/count-products/count-products.ts";
import type { BenchContext, Contest } from "../bench.ts";
import { drivenClip } from "./driven-clip.ts";
import { Owned } from "./owned.ts";
import type { System } from "./systems.ts";

/** A convolution like the largest of vox-256, where a processor is busiest: channels in and out, and pixels a side. */
const [channels, side] = [256, 64];
const productsPerRun = 9 * channels ** 2 * side ** 2;

export const floorBaseline =
  "the floor: the multiplications of detector and frame, as upstream writes them, at the speed of one large convolution";

/**
 * How near a frame is to what the backend's best loop would need for its multiplications. A ratio of 1 is the floor; above
 * it, graphs multiply less than upstream's.
 */
export async function floorOf(
  system: System,
  createBackend: () => Promise<Backend>,
  { progress }: BenchContext,
): Promise<Contest> {
  await using owned = new Owned();
  const backend = owned.use(await createBackend());
  progress("loading the model");
  const { architecture, weights, ...options } = system;
  const model = owned.use(await createModel(backend, architecture, weights, options));
  const product = owned.use(await backend.load(encodeModel(largeConvolution())));
  const dims = [1, channels, side, side];
  const x = tensor("float32", new Float32Array(channels * side ** 2).fill(1e-3), dims);
  const graphs: readonly Graph[] = [
    architecture.detectorGraph(weights.kp_detector, system.size),
    architecture.frameGraph(weights.generator, options),
  ];
  const needed = graphs.reduce((sum, graph) => sum + countProducts(graph), 0);
  const clip = owned.use(
    await drivenClip(
      model,
      [0, 1, 2, 3, 4].map((index) => proceduralImage(system.size, index)),
    ),
  );
  let fastest = 0;
  const kept = owned.move();
  return {
    async baseline() {
      const begun = performance.now();
      for (let i = 0; i < 4; i++) (await product.run({ x })).y![Symbol.dispose]();
      const perSecond = (4 * productsPerRun) / ((performance.now() - begun) / 1000);
      fastest = Math.max(fastest, perSecond);
      return { ms: (1000 * needed) / perSecond };
    },
    async ours() {
      const begun = performance.now();
      await clip.next();
      return { ms: performance.now() - begun };
    },
    findings: () =>
      `${(needed / 1e9).toFixed(2)} billion multiplications; ${(fastest / 1e9).toFixed(1)} billion per second at best, ` +
      "from 3 × 3 on 256 channels of 64 × 64.",
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

function largeConvolution(): Graph {
  const g = new GraphBuilder("convolution");
  const dims = [1, channels, side, side];
  const kernel = tensor("float32", new Float32Array(9 * channels ** 2).fill(1e-3), [channels, channels, 3, 3]);
  const x = g.input("x", dims);
  g.output(g.node("Conv", [x, g.constant(kernel)], dims, { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }), "y");
  return g.build();
}
