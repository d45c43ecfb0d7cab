import { loadModel } from "@bunraku/animate";
import { ortNode } from "@bunraku/backends/ort-node";
import type { Bench } from "../bench.ts";
import { animateClip, sourcePicture, temporaryFolder } from "../workloads/animate-clip.ts";
import { Owned } from "../workloads/owned.ts";
import { headsFolder } from "../workloads/systems.ts";

export default {
  name: "scale/frames",
  baseline: "a quarter second of it, 6 frames",
  note: "The default model on samples/driving/nod.mp4, all of its 72 frames, end to end in ms per frame, with opening and finishing: what is paid once is spread over more frames.",
  async prepare() {
    await using owned = new Owned();
    const folder = owned.use(await temporaryFolder());
    const source = await sourcePicture();
    const model = owned.use(await loadModel(owned.use(await ortNode()), headsFolder));
    const run = (seconds: number) => async (signal: AbortSignal) => ({
      ms: await animateClip(model, source, folder.file(`${seconds}.mp4`), signal, { seconds }),
    });
    const kept = owned.move();
    return { baseline: run(0.25), ours: run(3), [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose]() };
  },
} satisfies Bench;
