import { loadModel } from "@bunraku/animate";
import { ortNode } from "@bunraku/backends/ort-node";
import type { Bench } from "../bench.ts";
import { animateClip, sourcePicture, temporaryFolder } from "../workloads/animate-clip.ts";
import { Owned } from "../workloads/owned.ts";
import { headsFolder } from "../workloads/systems.ts";

export default {
  name: "scale/resolution",
  baseline: "results of 1024 × 1024, sixteen times the pixels",
  note: "The default model on samples/driving/nod.mp4, end to end in ms per frame: results of 256 × 256. The model's own frames are the same; what grows is warping and encoding.",
  async prepare() {
    await using owned = new Owned();
    const folder = owned.use(await temporaryFolder());
    const source = await sourcePicture();
    const model = owned.use(await loadModel(owned.use(await ortNode()), headsFolder));
    const run = (size: number) => async (signal: AbortSignal) => ({
      ms: await animateClip(model, source, folder.file(`${size}.mp4`), signal, { size }),
    });
    const kept = owned.move();
    return { baseline: run(1024), ours: run(256), [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose]() };
  },
} satisfies Bench;
