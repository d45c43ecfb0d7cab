import { animate, animateMany, loadModel, type Model } from "@bunraku/animate";
import { ortNode } from "@bunraku/backends/ort-node";
import { openVideo, type Picture } from "@bunraku/media/node";
import type { Bench } from "../bench.ts";
import { drivingClip, sourcePicture } from "../workloads/animate-clip.ts";
import { Owned } from "../workloads/owned.ts";
import { headsFolder } from "../workloads/systems.ts";

const count = 4;

export default {
  name: "scale/sources",
  baseline: `${count} runs of animate, one per picture`,
  note: `The default model, ${count} pictures moved by samples/driving/nod.mp4 with animateMany: ms per frame of the video, decoding and rendering, without encoding.`,
  async prepare() {
    await using owned = new Owned();
    const source = await sourcePicture();
    const model = owned.use(await loadModel(owned.use(await ortNode()), headsFolder));
    const kept = owned.move();
    return {
      baseline: async (signal) => ({ ms: await oneByOne(model, source, signal) }),
      ours: async (signal) => ({ ms: await together(model, source, signal) }),
      [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
    };
  },
} satisfies Bench;

async function oneByOne(model: Model, source: Picture, signal: AbortSignal): Promise<number> {
  const begun = performance.now();
  let frames = 0;
  for (let i = 0; i < count; i++) {
    await using video = await openVideo(drivingClip, { signal });
    for await (const frame of animate(model, source, video.frames({ signal }), { signal })) {
      frame[Symbol.dispose]();
      frames++;
    }
  }
  return (performance.now() - begun) / (frames / count);
}

async function together(model: Model, source: Picture, signal: AbortSignal): Promise<number> {
  const begun = performance.now();
  let frames = 0;
  const sources = Array.from({ length: count }, () => ({ picture: source }));
  await using video = await openVideo(drivingClip, { signal });
  for await (const results of animateMany(model, sources, video.frames({ signal }), { signal })) {
    for (const frame of results) frame[Symbol.dispose]();
    frames++;
  }
  return (performance.now() - begun) / frames;
}
