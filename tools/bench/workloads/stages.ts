import { compose, type Model, outputsOf, type RenderedFrame } from "@bunraku/animate";
import { disposeKeypoints } from "@bunraku/keypoints";
import { createVideoWriter, openVideo, type Picture } from "@bunraku/media/node";
import { transferMotion } from "@bunraku/motion";
import { createPictureResizer, flattenPicture, imageToPicture } from "@bunraku/warp";
import { drivingClip } from "./animate-clip.ts";

export const stageNames = ["decode", "convert", "detect", "transfer", "frame", "compose", "encode"] as const;
/** Milliseconds per frame. */
export type StageTimes = Readonly<Record<(typeof stageNames)[number], number>>;

/**
 * The steps of an animation one after another, each timed by itself: nothing overlaps, as it does in `animate`.
 *
 * `transfer` is the TypeScript between two graphs; `frame` is what is left of rendering.
 */
export async function timeStages(model: Model, source: Picture, output: string, frames: number): Promise<StageTimes> {
  const times = Object.fromEntries(stageNames.map((name) => [name, 0])) as Record<keyof StageTimes, number>;
  const timed = async <T>(stage: keyof StageTimes, work: () => T | Promise<T>): Promise<T> => {
    const begun = performance.now();
    const result = await work();
    times[stage] += (performance.now() - begun) / frames;
    return result;
  };
  const { size } = model;
  await using video = await openVideo(drivingClip);
  const resize = createPictureResizer(source, size);
  const image = resize(flattenPicture(source));
  const mode = source.width > size.width && model.hasMotion ? "hybrid" : "generator";
  using encoded = await model.encode(image);
  const { width, height } = mode === "hybrid" ? source : imageToPicture(image);
  await using writer = await createVideoWriter(output, { width, height, frameRate: 24, overwrite: true });
  const driving = video.frames()[Symbol.asyncIterator]();
  const read = createPictureResizer(video.info, size);
  let initial: Awaited<ReturnType<Model["detect"]>> | undefined;
  for (let i = 0; i < frames; i++) {
    const { value: frame } = await timed("decode", () => driving.next());
    const picture = await timed("convert", () => read(flattenPicture(frame!)));
    const keypoints = await timed("detect", () => model.detect(picture));
    initial ??= keypoints;
    const before = initial;
    await timed("transfer", () => void transferMotion(encoded.keypoints, keypoints, before, { adaptScale: true }));
    const options = { adaptScale: true, outputs: outputsOf[mode] };
    const rendered = await timed("frame", () => model.render(encoded, keypoints, before, options));
    const shown = await timed("compose", () => compose(mode, model, encoded, source, rendered, { width, height }));
    await timed("encode", () =>
      writer.write({ ...shown, data: shown.data as Uint8ClampedArray, timestamp: i / 24, duration: 1 / 24 }),
    );
    free(rendered);
    if (keypoints !== initial) disposeKeypoints(keypoints);
  }
  await timed("encode", () => writer.finish());
  if (initial) disposeKeypoints(initial);
  await driving.return?.(undefined);
  times.frame = Math.max(0, times.frame - times.transfer);
  return times;
}

function free({ warnings: _, keypoints, ...outputs }: RenderedFrame): void {
  disposeKeypoints(keypoints);
  for (const value of Object.values(outputs)) value?.[Symbol.dispose]();
}
