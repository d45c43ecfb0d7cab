import { BunrakuError } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import { expectLayout, type KeypointLayout, layoutOf } from "../keypoint-layout/keypoint-layout.ts";
import { completeHeader, type MotionClipFields, type MotionClipHeader } from "./clip-header.ts";

/** File name extension and media type of motion clips (unregistered). */
export const motionClipExtension = ".bkmotion";
export const motionClipType = "application/x.bunraku.motion-clip";

/** One recorded frame. */
export interface MotionFrame {
  /** Seconds, from wherever the recording counts; rising from frame to frame. */
  readonly timestamp: number;
  readonly keypoints: Keypoints;
}

/** Recorded motion: keypoints over time, and what they are. Whole in memory; files of any length go frame by frame. */
export interface MotionClip {
  readonly header: MotionClipHeader;
  /** At least one, all of the header's layout. */
  readonly frames: readonly MotionFrame[];
}

/** What a clip in memory may hold: two hours at 30 frames per second. Objects cost half a kilobyte per frame, which is
 * many times the smallest record: a small file from anywhere must not take all memory. */
const largestClip = 2 ** 18;

/** @throws `UNSUPPORTED` when so many frames should not be held in memory */
export function expectClipLength(count: number, what: string): void {
  if (count <= largestClip) return;
  throw new BunrakuError(
    "UNSUPPORTED",
    `${what}: a clip in memory has at most ${largestClip} frames, this one has ${count}. Go through it with readMotionFrames and motionClipWriter.`,
  );
}

/**
 * Makes a clip of frames; number of keypoints and parts are those of the first one. Frames are borrowed, and become part
 * of the clip.
 *
 * @param fields what the clip says of itself @default initial: 0
 * @throws `MOTION` when there is no frame, when frames are not finite or differ in number or parts; `OPTION` when
 * timestamps do not rise or a field is not what it must be; `SHAPE`; `UNSUPPORTED` when there are too many frames
 */
export function createMotionClip(fields: MotionClipFields, frames: readonly MotionFrame[]): MotionClip {
  const first = frames[0];
  if (!first) throw new BunrakuError("MOTION", "motion clip: expected at least one frame, got none.");
  expectClipLength(frames.length, "createMotionClip");
  const header = completeHeader({ ...fields, ...layoutOf(first.keypoints, "motion clip frame 0") });
  for (const [index, frame] of frames.entries()) expectFrame(frame, index, header, frames[index - 1]?.timestamp);
  expectInitial(header, frames.length, "OPTION", "motion clip");
  return { header, frames: [...frames] };
}

/** @throws `MOTION`, `OPTION`, `SHAPE` when a frame cannot follow in a clip */
export function expectFrame(
  { timestamp, keypoints }: MotionFrame,
  index: number,
  layout: KeypointLayout,
  before: number | undefined,
): void {
  expectLayout(keypoints, layout, `motion clip frame ${index}`);
  if (Number.isFinite(timestamp) && (before === undefined || timestamp > before)) return;
  const wanted = before === undefined ? "a number of seconds" : `seconds above the last frame's ${before}`;
  throw new BunrakuError("OPTION", `motion clip frame ${index}: expected ${wanted} as timestamp, got ${timestamp}.`);
}

/** @throws when the initial frame is not one of the clip's */
export function expectInitial(
  { initial }: MotionClipHeader,
  count: number,
  code: "OPTION" | "FILE",
  what: string,
): void {
  if (initial < count) return;
  if (count === 0) throw new BunrakuError(code, `${what}: there are no frames in it.`);
  throw new BunrakuError(code, `${what}: "initial" must be the index of one of its ${count} frames, got ${initial}.`);
}
