import type { Image } from "@bunraku/warp";

/** Some frames of a clip, at the model's size. */
export interface CalibrationClip {
  /** The first frame: what movement is relative to. */
  readonly initial: Image;
  readonly frames: readonly Image[];
}

/** One frame that a model renders: a source, moved from `initial` to `driving`. */
export interface CalibrationFrame {
  readonly source: Image;
  readonly initial: Image;
  readonly driving: Image;
}

/** Frames to calibrate with, and others to measure with. */
export interface CalibrationFrames {
  readonly used: readonly CalibrationFrame[];
  readonly heldOut: readonly CalibrationFrame[];
}

/** Of so many frames, one is not calibrated with. */
const heldOutOf = 4;

/**
 * Pairs the frames of clips with sources, in turns, and sets every fourth aside.
 *
 * @param sources @default the first frames of the clips
 */
export function pairFrames(clips: readonly CalibrationClip[], sources: readonly Image[] = []): CalibrationFrames {
  const pictures = sources.length > 0 ? sources : clips.map(({ initial }) => initial);
  const [used, heldOut]: [CalibrationFrame[], CalibrationFrame[]] = [[], []];
  let count = 0;
  for (const { initial, frames } of clips) {
    for (const driving of frames) {
      const aside = count % heldOutOf === heldOutOf - 1;
      // Sources change with every round of four, so that each is used and set aside.
      const source = pictures[Math.floor(count / heldOutOf) % pictures.length]!;
      (aside ? heldOut : used).push({ source, initial, driving });
      count++;
    }
  }
  return { used, heldOut };
}
