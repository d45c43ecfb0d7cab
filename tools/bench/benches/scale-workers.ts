import { loadModel, type Model } from "@bunraku/animate";
import { ortNode } from "@bunraku/backends/ort-node";
import { backendPool } from "@bunraku/backends/pool";
import type { Bench } from "../bench.ts";
import { animateClip, sourcePicture, temporaryFolder } from "../workloads/animate-clip.ts";
import { Owned } from "../workloads/owned.ts";
import { headsFolder } from "../workloads/systems.ts";

export default {
  name: "scale/workers",
  baseline: "one backend with two threads",
  note: "The default model on samples/driving/nod.mp4, end to end in ms per frame: a pool of two onnxruntime-node backends with a thread each.",
  async prepare() {
    await using owned = new Owned();
    const folder = owned.use(await temporaryFolder());
    const source = await sourcePicture();
    const one: Model = owned.use(await loadModel(owned.use(await ortNode({ threads: 2 })), headsFolder));
    const pool = owned.use(await backendPool(2, () => ortNode({ threads: 1 })));
    const two: Model = owned.use(await loadModel(pool, headsFolder));
    const kept = owned.move();
    return {
      baseline: async (signal) => ({ ms: await animateClip(one, source, folder.file("one.mp4"), signal) }),
      ours: async (signal) => ({ ms: await animateClip(two, source, folder.file("two.mp4"), signal) }),
      [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
    };
  },
} satisfies Bench;
