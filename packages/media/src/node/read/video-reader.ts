import type { Warning } from "@bunraku/backends";
import type { Frame, VideoInfo } from "../../video.ts";
import type { AudioTrack } from "./audio-track.ts";

/** Which part of a video to read. */
export interface FrameRange {
  /** Seconds from the first frame; the frame shown at that moment is the first one read. @default 0 */
  start?: number | undefined;
  /** Seconds to read; frames that begin later are left out. @default to the end */
  duration?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** An open video. Close it with `await using`, or by calling `[Symbol.asyncDispose]()`. */
export interface VideoReader extends AsyncDisposable {
  readonly info: VideoInfo;
  /** The sound, for `createVideoWriter({ audio })`. It reads from this reader: keep the reader open until then. */
  readonly audio: AudioTrack | undefined;
  /** What a user should hear although the video opened. */
  readonly warnings: readonly Warning[];
  /**
   * Yields the frames of a range in order of display, each owned by the caller.
   *
   * Nothing is decoded ahead of the consumer but the few frames a codec must hold. Leaving the loop stops the
   * decoder. May be called again: every call starts anew. Times keep counting from the first frame of the video,
   * whatever the range.
   *
   * @throws `OPTION` when the range lies outside the video, `MEDIA` when frames cannot be decoded (after those that
   * could), `DISPOSED` when the reader is closed, `signal.reason` on abort.
   */
  frames(range?: FrameRange): AsyncGenerator<Frame, void, undefined>;
}
