import { createModel } from "@bunraku/animate";
import { ortNode } from "@bunraku/backends/ort-node";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import { officialConfig } from "@bunraku/checkpoints";
import type { Bench } from "../bench.ts";
import { drivenClip } from "../workloads/driven-clip.ts";
import { largestDifference } from "../workloads/largest-difference.ts";
import { Owned } from "../workloads/owned.ts";
import { pytorchFrames } from "../workloads/pytorch-frames.ts";
import { vox256 } from "../workloads/systems.ts";

const clip = 8;

export default {
  name: "vox256/ort-node/pytorch",
  baseline: "the original architecture in PyTorch on the same processor: detector and whole generator, for each frame",
  note: "vox-256, one driving frame from pixels to pixels, onnxruntime-node in float32, source cached.",
  onRequest: "pytorch",
  async prepare() {
    await using owned = new Owned();
    const system = vox256();
    const { architecture, weights, ...options } = system;
    const { height, width } = system.size;
    const python = owned.use(await pytorchFrames(officialConfig("vox-256").modelParams, [height, width]));
    const model = owned.use(await createModel(owned.use(await ortNode()), architecture, weights, options));
    const pictures = Array.from({ length: 2 + clip }, (_, i) => proceduralImage(system.size, i));
    const driven = owned.use(await drivenClip(model, pictures));
    const last = { baseline: [] as readonly number[], ours: new Float32Array() as Float32Array };
    let [next, worst] = [0, 0];
    const kept = owned.move();
    return {
      async baseline() {
        const { ms, pixels } = await python.frame(2 + (next++ % clip));
        last.baseline = pixels;
        return { ms };
      },
      async ours() {
        const begun = performance.now();
        last.ours = await driven.next();
        return { ms: performance.now() - begun };
      },
      afterPair() {
        const some = last.ours.filter((_, i) => i % 97 === 0);
        worst = Math.max(worst, largestDifference(last.baseline, some));
      },
      findings: () =>
        `${python.about}. Predictions differ by at most ${worst.toExponential(1)}, for pictures in [0, 1].`,
      [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
    };
  },
} satisfies Bench;
