import { createModel, type Model } from "@bunraku/animate";
import type { Backend } from "@bunraku/backends";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import { disposeKeypoints } from "@bunraku/keypoints";
import type { Image } from "@bunraku/warp";
import type { BenchContext, Contest } from "../bench.ts";
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
 * @param frames per run: what takes a millisecond is timed in lots
 */
export async function frameAgainstPlain(
  system: System,
  createBackend: () => Promise<Backend>,
  { progress }: BenchContext,
  frames = 1,
): Promise<Contest> {
  await using owned = new Owned();
  progress("loading the plain graphs");
  const plain = owned.use(await PlainModel.load(owned.use(await createBackend()), system));
  progress("loading the model");
  const { architecture, weights, ...options } = system;
  const model = owned.use(await createModel(owned.use(await createBackend()), architecture, weights, options));
  const pictures = Array.from({ length: 2 + clipLength }, (_, i) => proceduralImage(system.size, i));
  let worst = 0;
  const waiting: Float32Array[] = []; // predictions of the side that ran first
  let turn: Model | undefined;
  const compare = (of: Model, prediction: Float32Array) => {
    turn ??= of;
    if (turn === of) waiting.push(prediction);
    else worst = Math.max(worst, largestDifference(waiting.shift()!, prediction));
    if (waiting.length === 0) turn = undefined;
  };
  const side = async (of: Model) => {
    const clip = owned.use(await clipOf(of, pictures));
    return async () => {
      const begun = performance.now();
      const predictions: Float32Array[] = [];
      for (let i = 0; i < frames; i++) predictions.push(await clip.next());
      const ms = (performance.now() - begun) / frames;
      for (const prediction of predictions) compare(of, prediction);
      return { ms };
    };
  };
  const [baseline, ours] = [await side(plain), await side(model)];
  const kept = owned.move();
  return {
    baseline,
    ours,
    findings: () =>
      worst === 0
        ? "Predictions are the same."
        : `Predictions differ by at most ${worst.toExponential(1)}, for pictures in [0, 1].`,
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

/** A model that is being driven: the first picture is the source, the second the initial frame. */
async function clipOf(
  model: Model,
  [source, start, ...driving]: readonly Image[],
): Promise<Disposable & { next(): Promise<Float32Array> }> {
  const encoded = await model.encode(source!);
  const initial = await model.detect(start!);
  let index = 0;
  return {
    async next() {
      const keypoints = await model.detect(driving[index++ % driving.length]!);
      const frame = await model.render(encoded, keypoints, initial);
      const pixels = (await frame.prediction!.read()) as Float32Array;
      frame.prediction![Symbol.dispose]();
      disposeKeypoints(frame.keypoints);
      disposeKeypoints(keypoints);
      return pixels;
    },
    [Symbol.dispose]() {
      encoded[Symbol.dispose]();
      disposeKeypoints(initial);
    },
  };
}
