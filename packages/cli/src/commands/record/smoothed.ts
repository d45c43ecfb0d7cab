import { disposeKeypoints } from "@bunraku/keypoints";
import { type JitterMeter, type MotionFrame, smoothKeypoints } from "@bunraku/motion";

/** Frames calmed without lag: all of them are read before the first is given. */
export async function* smoothed(frames: AsyncIterable<MotionFrame>): AsyncGenerator<MotionFrame, void, undefined> {
  const all: MotionFrame[] = [];
  for await (const frame of frames) all.push(frame);
  const timestamps = all.map(({ timestamp }) => timestamp);
  const calm = smoothKeypoints(
    all.map(({ keypoints }) => keypoints),
    { timestamps },
  );
  for (const { keypoints } of all) disposeKeypoints(keypoints);
  for (const [i, keypoints] of calm.entries()) yield { keypoints, timestamp: timestamps[i]! };
}

/** The same frames, measured on their way. */
export async function* measured(
  frames: AsyncIterable<MotionFrame>,
  meter: JitterMeter,
): AsyncGenerator<MotionFrame, void, undefined> {
  for await (const frame of frames) {
    meter.add(frame.keypoints, frame.timestamp);
    yield frame;
  }
}
