import { BunrakuError } from "@bunraku/backends";
import { type CodecChoice, findCodecs } from "../codecs/codecs.ts";
import { loadSharp } from "../optional-packages.ts";
import { type AudioTrack, ContainerAudio } from "../read/audio-track.ts";
import { CheckedWriter } from "./checked-writer.ts";
import { openEncodedSink } from "./encoded-sink.ts";
import { openFolderSink } from "./folder-sink.ts";
import { openGifSink } from "./gif-sink.ts";
import { reserveTarget, type Target } from "./target.ts";
import { type VideoFormat, videoFormat } from "./video-format.ts";
import type { FrameSink, VideoWriter } from "./video-writer.ts";
import { isSystemError, writeFailure } from "./write-failure.ts";

/** Options of {@link createVideoWriter}. */
export interface VideoWriterOptions {
  /** Pixels; every frame must have this size. */
  width: number;
  height: number;
  /** Frames per second of pictures without times, and what the encoder plans for. @default 25 */
  frameRate?: number | undefined;
  /** Sound of a reader, which must stay open until `finish()`. Cut to the frames that are written. */
  audio?: AudioTrack | undefined;
  /**
   * Moment of the sound that belongs to the first frame, in seconds on the reader's clock.
   *
   * @default the timestamp of the first frame written, which is right for frames of the same reader
   */
  audioStart?: number | undefined;
  /** @default by the ending of the path */
  format?: VideoFormat | undefined;
  /** 0 to 100: how close to the original; 80 is x264's crf 18. Not used for GIF and PNG. @default 80 */
  quality?: number | undefined;
  /** Replace an existing file. @default false */
  overwrite?: boolean | undefined;
  /** @default "auto" */
  codecs?: CodecChoice | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Opens a video for writing: MP4 (H.264), WebM (VP9), GIF, or a folder of PNG frames.
 *
 * What is written has another name until `finish()` moves it into place, so `path` is whole or absent. Memory does not
 * grow with the length. Alpha is kept in GIF (on or off) and PNG, and ignored elsewhere.
 *
 * @returns A writer owned by the caller.
 * @throws `OPTION` for arguments out of range or an existing file, `FILE` when the folder is missing or may not be
 * written, `BACKEND_MISSING` when there are no codecs or no `sharp`: all before the first frame.
 */
export async function createVideoWriter(path: string, options: VideoWriterOptions): Promise<VideoWriter> {
  const { width, height, frameRate = 25, quality = 80, overwrite = false, audio, signal } = options;
  signal?.throwIfAborted();
  checkSize("width", width);
  checkSize("height", height);
  if (!(frameRate > 0 && frameRate <= 1000)) {
    throw new BunrakuError("OPTION", `frameRate: expected frames per second above 0 and up to 1000, got ${frameRate}.`);
  }
  if (!(quality >= 0 && quality <= 100)) {
    throw new BunrakuError("OPTION", `quality: expected a number from 0 to 100, got ${quality}.`);
  }
  if (audio !== undefined && !(audio instanceof ContainerAudio)) {
    throw new BunrakuError("OPTION", "audio: expected the audio of an open video, got something else.");
  }
  const format = options.format ?? videoFormat(path);
  const target = await reserveTarget(path, { overwrite, folder: format === "png-folder" });
  try {
    const sink = await openSink(format, target, { ...options, frameRate, quality, audio });
    return new CheckedWriter(target, sink, { width, height, frameRate, signal });
  } catch (error) {
    const failure = isSystemError(error) ? await writeFailure(target, error) : error;
    await target.discard();
    throw failure;
  }
}

async function openSink(
  format: VideoFormat,
  target: Target,
  options: Omit<VideoWriterOptions, "audio"> & {
    frameRate: number;
    quality: number;
    audio: ContainerAudio | undefined;
  },
): Promise<FrameSink> {
  switch (format) {
    case "mp4":
    case "webm":
      return openEncodedSink(format, target, await findCodecs(options.codecs), options);
    case "gif":
      return openGifSink(target, options);
    case "png-folder": {
      const sharp = await loadSharp();
      return openFolderSink(target.part, sharp, options.audio !== undefined);
    }
  }
}

function checkSize(name: string, size: number): void {
  // 16384 is where H.264 and VP9 levels end.
  if (Number.isInteger(size) && size > 0 && size <= 16384) return;
  throw new BunrakuError("OPTION", `${name}: expected a whole number of pixels from 1 to 16384, got ${size}.`);
}
