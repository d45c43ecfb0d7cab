import type { Bench } from "../bench.ts";
import type { bench } from "../page/page.ts";
import { openPage } from "../workloads/open-page.ts";
import { Owned } from "../workloads/owned.ts";

type Global = { bench: typeof bench };

export default {
  name: "default/ort-web/fps",
  baseline: "the same page with one thread",
  note: "The default model, samples/driving/nod.mp4 (256 × 256) to an MP4 of 256 × 256, hybrid rendering, onnxruntime-web with 2 threads in headless Chromium, WebCodecs: ms per frame, from opening the clip to the finished file.",
  async prepare() {
    await using owned = new Owned();
    const { page } = owned.use(await openPage());
    const prepare = (threads: number) =>
      page.evaluate((threads) => (globalThis as unknown as Global).bench.prepare(threads), threads);
    const run = (threads: number) => async () => ({
      ms: await page.evaluate((threads) => (globalThis as unknown as Global).bench.run(threads), threads),
    });
    await prepare(1);
    const found = await prepare(2);
    const kept = owned.move();
    return {
      baseline: run(1),
      ours: run(2),
      findings: () => `${found}.`,
      [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
    };
  },
} satisfies Bench;
