import { loadModel } from "@bunraku/animate";
import { ortNode } from "@bunraku/backends/ort-node";
import type { Bench } from "../bench.ts";
import { animateClip, sourcePicture, temporaryFolder } from "../workloads/animate-clip.ts";
import { Owned } from "../workloads/owned.ts";
import { PlainModel } from "../workloads/plain-model.ts";
import { heads, headsFolder } from "../workloads/systems.ts";

export default {
  name: "default/ort-node/fps",
  baseline:
    "the same clip through the plain graphs, encoder in every frame; decoding, warping and encoding are the same",
  note: "The default model, samples/driving/nod.mp4 (256 × 256) to an MP4 of 256 × 256, hybrid rendering, onnxruntime-node: ms per frame, from opening the clip to the finished file.",
  async prepare() {
    await using owned = new Owned();
    const folder = owned.use(await temporaryFolder());
    const source = await sourcePicture();
    const plain = owned.use(await PlainModel.load(owned.use(await ortNode()), await heads()));
    const model = owned.use(await loadModel(owned.use(await ortNode()), headsFolder));
    let best = Number.POSITIVE_INFINITY;
    const kept = owned.move();
    return {
      baseline: async (signal) => ({ ms: await animateClip(plain, source, folder.file("plain.mp4"), signal) }),
      ours: async (signal) => {
        const ms = await animateClip(model, source, folder.file("ours.mp4"), signal);
        best = Math.min(best, ms);
        return { ms };
      },
      findings: () => `At best ${(1000 / best).toFixed(1)} frames per second.`,
      [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
    };
  },
} satisfies Bench;
