import { createModel, type Model } from "@bunraku/animate";
import type { Backend } from "@bunraku/backends";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import type { BenchContext, Contest } from "../bench.ts";
import { drivenClip } from "./driven-clip.ts";
import { largestDifference } from "./largest-difference.ts";
import { Owned } from "./owned.ts";
import { PlainModel } from "./plain-model.ts";
import type { System } from "./systems.ts";

/** A driving clip that nothing can have cached: so many pictures, then again from the first. */
const clipLength = 8;

export const plainBaseline = "the plain graphs: detector, whole encoder and frame, for each frame";

/**
 * One driving frame after another, from pixels to pixels at the model's size: detection, transfer, rendering. Both sides
 * have a backend of their own and see the same pictures; their predictions are compared.
 *
 * @param options.frames per run: what takes a millisecond is timed in lots
 * @param options.createOurs Ours is on another kind of backend. @default as the plain graphs
 */
export async function frameAgainstPlain(
  system: System,
  createBackend: () => Promise<Backend>,
  { progress }: BenchContext,
  { frames = 1, createOurs = createBackend }: { frames?: number; createOurs?: () => Promise<Backend> } = {},
): Promise<Contest> {
  await using owned = new Owned();
  progress("loading the plain graphs");
  const plain = owned.use(await PlainModel.load(owned.use(await createBackend()), system));
  progress("loading the model");
  const { architecture, weights, ...options } = system;
  const oursOn = owned.use(await createOurs());
  const model = owned.use(await createModel(oursOn, architecture, weights, options));
  const pictures = Array.from({ length: 2 + clipLength }, (_, i) => proceduralImage(system.size, i));
  const side = async (of: Model, inWork: number) => {
    const clip = owned.use(await drivenClip(of, pictures));
    let predictions: Float32Array[] = [];
    return {
      predictions: () => predictions,
      async run() {
        predictions = [];
        const begun = performance.now();
        let left = frames;
        const work = async () => {
          while (left > 0) {
            const at = frames - left--;
            predictions[at] = await clip.next();
          }
        };
        await Promise.all(Array.from({ length: inWork }, work));
        return { ms: (performance.now() - begun) / frames };
      },
    };
  };
  const [baseline, ours] = [await side(plain, 1), await side(model, 2 * (oursOn.parallelism ?? 1) - 1)];
  const kept = owned.move();
  let worst = 0;
  return {
    baseline: baseline.run,
    ours: ours.run,
    afterPair() {
      const others = ours.predictions();
      for (const [i, prediction] of baseline.predictions().entries())
        worst = Math.max(worst, largestDifference(prediction, others[i]!));
    },
    findings: () =>
      worst === 0
        ? "Predictions are the same."
        : `Predictions differ by at most ${worst.toExponential(1)}, for pictures in [0, 1].`,
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}
