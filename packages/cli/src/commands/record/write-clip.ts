import { BunrakuError } from "@bunraku/backends";
import { disposeKeypoints } from "@bunraku/keypoints";
import type { Target } from "@bunraku/media/node";
import {
  layoutOf,
  type MotionClipFields,
  type MotionClipWriter,
  type MotionFrame,
  motionClipWriter,
} from "@bunraku/motion";
import { openPartFile } from "../../outputs/part-file.ts";

/** What came into a motion clip. */
export interface WrittenClip {
  readonly frames: number;
  /** From the first frame to the last. */
  readonly seconds: number;
  readonly bytes: number;
}

/**
 * Writes frames as a motion clip into a reserved target, one at a time, and moves it into place.
 *
 * @param frames disposed once they are written
 * @throws `MEDIA` when there is no frame, `OPTION` when there is no initial one, `FILE`; what `frames` throws
 */
export async function writeClip(
  target: Target,
  frames: AsyncIterable<MotionFrame>,
  fields: MotionClipFields,
): Promise<WrittenClip> {
  let bytes: number;
  let [count, first, last] = [0, 0, 0];
  {
    await using file = await openPartFile(target);
    let writer: MotionClipWriter | undefined;
    for await (const frame of frames) {
      if (!writer) {
        writer = motionClipWriter({ ...fields, ...layoutOf(frame.keypoints, "record") });
        first = frame.timestamp;
        await file.write(writer.begin());
      }
      await file.write(writer.frame(frame));
      last = frame.timestamp;
      count++;
      disposeKeypoints(frame.keypoints);
    }
    if (!writer) throw new BunrakuError("MEDIA", "record: the video has no frames.");
    checkInitial(fields.initial, count);
    await file.write(writer.end());
    bytes = file.bytes;
  }
  await target.commit();
  return { frames: count, seconds: last - first, bytes };
}

function checkInitial(initial = 0, count: number): void {
  if (initial < count) return;
  throw new BunrakuError(
    "OPTION",
    `--initial: expected a frame from 0 to ${count - 1}, as there are ${count}, got ${initial}.`,
  );
}
