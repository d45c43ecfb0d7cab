import type { Warning } from "@bunraku/backends";
import type { Picture } from "../../picture.ts";
import type { Frame } from "../../video.ts";

/** What became of a video that was written. */
export interface WrittenVideo {
  readonly path: string;
  /** Frames in the file; a GIF leaves out frames that would be shown for less than 20 ms. */
  readonly frames: number;
  /** Seconds. */
  readonly duration: number;
  readonly audio: "copied" | "transcoded" | "dropped" | "none";
  readonly warnings: readonly Warning[];
}

/**
 * A video being written. Use with `await using`: whatever was not finished is removed.
 *
 * Calls must not overlap: await each one.
 */
export interface VideoWriter extends AsyncDisposable {
  /**
   * Adds a frame, and waits while the encoder is busy. The frame is borrowed until then.
   *
   * Only differences of `timestamp` count: the first frame is at 0 in the file. Pictures without one follow at
   * `frameRate`.
   *
   * @throws `OPTION` when the size differs or time does not advance, `MEDIA` when encoding fails, `FILE` when writing
   * fails, `signal.reason` on abort.
   */
  write(frame: Frame | Picture): Promise<void>;
  /**
   * Writes what is left and moves the video into place.
   *
   * @throws `MEDIA` when not one frame was written, `OPTION` when something came into being at `path` that may not be
   * replaced (it is kept, and the video beside it), and as `write()` does.
   */
  finish(): Promise<WrittenVideo>;
}

/** What a format must do: frames come checked, in order, with times that begin at 0. */
export interface FrameSink {
  write(frame: Frame, clock: number): Promise<void>;
  /** @param duration Seconds from the start of the first frame to the end of the last. */
  finish(duration: number): Promise<Pick<WrittenVideo, "frames" | "audio" | "warnings">>;
  /** Frees encoders and closes files; called once, also after `finish()`. */
  close(): Promise<void>;
}
