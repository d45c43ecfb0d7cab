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

/** Rows and columns of a product that keeps a processor busy, and whose matrices its caches hold in part. */
const side = 1536;

export const floorBaseline =
  "the floor: the multiplications of detector and frame, as upstream writes them, at the speed of one large matrix product";

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
  const product = owned.use(await backend.load(encodeModel(largeProduct())));
  const x = tensor("float32", new Float32Array(side * side).fill(1e-3), [side, side]);
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
      const perSecond = (4 * side ** 3) / ((performance.now() - begun) / 1000);
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
      "from a matrix product of 1536 × 1536.",
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

function largeProduct(): Graph {
  const g = new GraphBuilder("product");
  const w = g.constant(tensor("float32", new Float32Array(side * side).fill(1e-3), [side, side]));
  g.output(g.node("MatMul", [g.input("x", [side, side]), w], [side, side]), "y");
  return g.build();
}
