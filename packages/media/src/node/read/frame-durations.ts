import type { Picture } from "../../picture.ts";
import type { Frame } from "../../video.ts";

/** A decoded picture on the clock of its file. */
export interface DecodedPicture extends Picture {
  /** Seconds. */
  readonly timestamp: number;
  /** Seconds, as the file says; 0 when it does not. */
  readonly duration: number;
}

/**
 * Gives every frame the time until the next one as its duration, and rebases the clock.
 *
 * Durations in a file are those of decoding order, which differ from those of display once rates vary and frames are
 * reordered. So one frame is held back, and its duration is what really passes.
 *
 * @param origin File time of the first frame of the video. Seconds.
 * @param fallback Duration of the last frame when nothing tells it. Seconds.
 * @param end Where the video ends, from its first frame, if that is known. Seconds.
 */
export async function* withDurations(
  pictures: AsyncIterable<DecodedPicture>,
  origin: number,
  fallback: number,
  end = Number.NaN,
): AsyncGenerator<Frame, void, undefined> {
  let held: DecodedPicture | undefined;
  const release = (picture: DecodedPicture, duration: number): Frame => {
    const { width, height, data } = picture;
    return { width, height, data, timestamp: picture.timestamp - origin, duration };
  };
  try {
    for await (const picture of pictures) {
      if (held) {
        const passed = picture.timestamp - held.timestamp;
        // Two frames at one time, or time going backwards: players show the later one.
        if (passed <= 0) {
          held = { ...picture, timestamp: held.timestamp };
          continue;
        }
        const ready = held;
        held = picture;
        yield release(ready, passed);
      } else held = picture;
    }
  } catch (error) {
    // The frame before a damaged one is whole and belongs to the caller.
    if (held) yield release(held, held.duration || fallback);
    throw error;
  }
  if (held) {
    const left = origin + end - held.timestamp;
    // A whole video ends with its last frame; in a range, the end of the file is far away.
    const plausible = left > 0 && left < 4 * fallback;
    yield release(held, plausible ? left : held.duration || fallback);
  }
}
