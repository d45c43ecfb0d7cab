import type { Model } from "@bunraku/animate";
import { disposeKeypoints } from "@bunraku/keypoints";
import type { Image } from "@bunraku/warp";

/** A model that is being driven: the first picture is the source, the second the initial frame. */
export async function drivenClip(
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
