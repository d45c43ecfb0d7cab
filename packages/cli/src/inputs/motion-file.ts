import { createReadStream } from "node:fs";
import type { DrivingMotion } from "@bunraku/animate";
import { copyKeypoints, type Keypoints } from "@bunraku/keypoints";
import { type MotionClipHeader, type MotionFrame, readMotionFrames } from "@bunraku/motion";
import { expectFile, unreadable } from "./expect-file.ts";

/** A motion clip on disk. Frames are read as they are asked for, any number of times. */
export interface MotionFile {
  readonly path: string;
  readonly header: MotionClipHeader;
  /** Frames per second: what the clip says, else measured; 25 for a single frame. */
  readonly frameRate: number;
  /** Seconds: the longest that one frame is shown. */
  readonly longestPause: number;
  /** The keypoints that relative movement starts from. */
  readonly initial: Keypoints;
  readonly frames: number;
  play(): AsyncGenerator<DrivingMotion, void, undefined>;
}

/**
 * Reads a motion clip once, to see that it is whole and to find its initial frame; then it can be played.
 *
 * @throws `FILE`, `UNSUPPORTED` when it is damaged or no motion clip; `signal.reason`
 */
export async function openMotionFile(path: string, signal: AbortSignal): Promise<MotionFile> {
  await expectFile(path);
  const open = () => readMotionFrames(bytesOf(path, signal), { name: path });
  const { header, frames } = await open();
  let initial: Keypoints | undefined;
  let [count, first, last, longestPause] = [0, 0, 0, 0];
  for await (const { timestamp, keypoints } of frames) {
    signal.throwIfAborted();
    if (count === header.initial) initial = copyKeypoints(keypoints);
    if (count === 0) first = timestamp;
    else longestPause = Math.max(longestPause, timestamp - last);
    last = timestamp;
    count++;
  }
  const measured = count > 1 ? (count - 1) / (last - first) : 25;
  const frameRate = header.frameRate ?? measured;
  return {
    path,
    header,
    frameRate,
    longestPause,
    initial: initial!,
    frames: count,
    async *play() {
      yield* withDurations((await open()).frames, 1 / frameRate, first);
    },
  };
}

/** A frame lasts until the next one begins; times count from the clip's first frame. */
async function* withDurations(
  frames: AsyncIterable<MotionFrame>,
  lastDuration: number,
  start: number,
): AsyncGenerator<DrivingMotion, void, undefined> {
  let held: MotionFrame | undefined;
  for await (const frame of frames) {
    if (held)
      yield {
        keypoints: held.keypoints,
        timestamp: held.timestamp - start,
        duration: frame.timestamp - held.timestamp,
      };
    held = frame;
  }
  if (held) yield { keypoints: held.keypoints, timestamp: held.timestamp - start, duration: lastDuration };
}

async function* bytesOf(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of createReadStream(path, { signal })) yield chunk as Uint8Array;
  } catch (cause) {
    signal.throwIfAborted();
    throw unreadable(path, cause);
  }
}
