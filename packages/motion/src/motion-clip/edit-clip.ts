import { BunrakuError } from "@bunraku/backends";
import { copyKeypoints, type Keypoints } from "@bunraku/keypoints";
import { buildKeypoints } from "../keypoint-layout/keypoint-layout.ts";
import { type SmoothOptions, smoothKeypoints } from "../smoothing/smooth-keypoints.ts";
import { createMotionClip, expectClipLength, type MotionClip, type MotionFrame } from "./motion-clip.ts";

/**
 * The frames with start ≤ timestamp < end, at their times.
 *
 * The initial frame stays what it is if it is among them; else the first one takes its place.
 *
 * @param range seconds, on the clip's own clock @default all
 * @returns A new clip; its keypoints are copies, owned by the caller
 * @throws `OPTION` when no frame is in the range
 */
export function trimClip(
  clip: MotionClip,
  { start = -Infinity, end = Infinity }: { start?: number; end?: number },
): MotionClip {
  const first = clip.frames.findIndex(({ timestamp }) => timestamp >= start);
  const frames = clip.frames.filter(({ timestamp }) => timestamp >= start && timestamp < end);
  if (frames.length === 0) {
    const [from, to] = [clip.frames[0]!.timestamp, clip.frames.at(-1)!.timestamp];
    throw new BunrakuError(
      "OPTION",
      `trimClip: no frame is from ${start} to ${end} seconds; the clip goes from ${from} to ${to}.`,
    );
  }
  const initial = clip.header.initial - first;
  return createMotionClip(
    { ...clip.header, initial: initial >= 0 && initial < frames.length ? initial : 0 },
    frames.map(copyFrame),
  );
}

/**
 * The clip at a steady frame rate, from its first frame on: parts are interpolated linearly, entry by entry, between the
 * frames before and after. Covariances stay symmetric and positive definite.
 *
 * The initial frame is the one nearest to where it was.
 *
 * @param frameRate frames per second
 * @returns A new clip, owned by the caller
 * @throws `OPTION`; `UNSUPPORTED` when that makes too many frames
 */
export function resampleClip({ header, frames }: MotionClip, frameRate: number): MotionClip {
  if (!(frameRate > 0 && Number.isFinite(frameRate))) {
    throw new BunrakuError("OPTION", `resampleClip: expected frames per second above 0, got ${frameRate}.`);
  }
  const [start, end] = [frames[0]!.timestamp, frames.at(-1)!.timestamp];
  // A last frame that rounding moved beyond the end is still one.
  const count = Math.floor((end - start) * frameRate + 1e-6) + 1;
  expectClipLength(count, "resampleClip");
  const initial = Math.round((frames[header.initial]!.timestamp - start) * frameRate);
  let before = 0;
  const resampled = Array.from({ length: count }, (_, index): MotionFrame => {
    const timestamp = start + index / frameRate;
    while (before + 1 < frames.length && frames[before + 1]!.timestamp <= timestamp) before++;
    const [from, to] = [frames[before]!, frames[Math.min(before + 1, frames.length - 1)]!];
    const share = from === to ? 0 : (timestamp - from.timestamp) / (to.timestamp - from.timestamp);
    return { timestamp, keypoints: between(from.keypoints, to.keypoints, share, header) };
  });
  return createMotionClip({ ...header, frameRate, initial: Math.min(initial, count - 1) }, resampled);
}

/**
 * The clip backwards, over the same time. The initial frame is the same picture as before.
 *
 * @returns A new clip, owned by the caller
 */
export function reverseClip({ header, frames }: MotionClip): MotionClip {
  const [start, end] = [frames[0]!.timestamp, frames.at(-1)!.timestamp];
  const backwards = [...frames].reverse().map(({ timestamp, keypoints }) => ({
    timestamp: start + (end - timestamp),
    keypoints: copyKeypoints(keypoints),
  }));
  return createMotionClip({ ...header, initial: frames.length - 1 - header.initial }, backwards);
}

/**
 * The clip forth and back, so that it can be repeated without a jump: the turning points come once, and the last frame is
 * the second one. Repeat it after the step from the first to the second frame.
 *
 * @returns A new clip, owned by the caller
 */
export function loopClip({ header, frames }: MotionClip): MotionClip {
  const end = frames.at(-1)!.timestamp;
  const back = frames.slice(1, -1).reverse();
  return createMotionClip(header, [
    ...frames.map(copyFrame),
    ...back.map(({ timestamp, keypoints }) => ({
      timestamp: end + (end - timestamp),
      keypoints: copyKeypoints(keypoints),
    })),
  ]);
}

/**
 * `smoothKeypoints` over a clip.
 *
 * @returns A new clip, owned by the caller
 * @throws `OPTION`
 */
export function smoothClip(clip: MotionClip, options: Omit<SmoothOptions, "timestamps"> = {}): MotionClip {
  const timestamps = clip.frames.map(({ timestamp }) => timestamp);
  const keypoints = clip.frames.map((frame) => frame.keypoints);
  const smoothed = smoothKeypoints(keypoints, { ...options, timestamps });
  return createMotionClip(
    clip.header,
    smoothed.map((keypoints, index) => ({ timestamp: timestamps[index]!, keypoints })),
  );
}

function copyFrame({ timestamp, keypoints }: MotionFrame): MotionFrame {
  return { timestamp, keypoints: copyKeypoints(keypoints) };
}

function between(from: Keypoints, to: Keypoints, share: number, layout: MotionClip["header"]): Keypoints {
  return buildKeypoints(layout, (name, data) => {
    const [a, b] = [from[name]!.data, to[name]!.data];
    for (let i = 0; i < data.length; i++) data[i] = (1 - share) * a[i]! + share * b[i]!;
  });
}
