import { mkdir } from "node:fs/promises";
import { BunrakuError } from "@bunraku/backends";
import type { Picture } from "../../picture.ts";
import type { Frame } from "../../video.ts";
import { type CodecChoice, findCodecs } from "../codecs/codecs.ts";
import { firstLine, loadSharp } from "../optional-packages.ts";
import { type AudioTrack, ContainerAudio } from "../read/audio-track.ts";
import { openEncodedSink } from "./encoded-sink.ts";
import { openFolderSink } from "./folder-sink.ts";
import { openGifSink } from "./gif-sink.ts";
import { reserveTarget, type Target } from "./target.ts";
import { type VideoFormat, videoFormat } from "./video-format.ts";
import type { FrameSink, VideoWriter, WrittenVideo } from "./video-writer.ts";

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
    return new Writer(target, sink, { ...options, frameRate });
  } catch (error) {
    await target.discard();
    throw error;
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
      return openGifSink(target.part, options);
    case "png-folder": {
      const sharp = await loadSharp();
      await mkdir(target.part);
      return openFolderSink(target.part, sharp, options.audio !== undefined);
    }
  }
}

function checkSize(name: string, size: number): void {
  // 16384 is where H.264 and VP9 levels end.
  if (Number.isInteger(size) && size > 0 && size <= 16384) return;
  throw new BunrakuError("OPTION", `${name}: expected a whole number of pixels from 1 to 16384, got ${size}.`);
}

/** Checks frames, rebases their times, and cleans up. */
class Writer implements VideoWriter {
  #target: Target;
  #sink: FrameSink;
  #options: VideoWriterOptions & { frameRate: number };
  #state: "open" | "finished" | "closed" = "open";
  #running: Promise<unknown> | undefined;
  #count = 0;
  /** Time of the first frame on the caller's clock. */
  #origin = 0;
  #last = -1;
  #end = 0;

  constructor(target: Target, sink: FrameSink, options: VideoWriterOptions & { frameRate: number }) {
    this.#target = target;
    this.#sink = sink;
    this.#options = options;
  }

  write(frame: Frame | Picture): Promise<void> {
    return this.#run(() => this.#write(frame));
  }

  finish(): Promise<WrittenVideo> {
    return this.#run(() => this.#finish());
  }

  async #write(frame: Frame | Picture): Promise<void> {
    const timed = this.#rebase(frame);
    await this.#guard(() => this.#sink.write(timed, this.#origin));
    this.#count++;
    this.#last = timed.timestamp;
    this.#end = timed.timestamp + timed.duration;
  }

  async #finish(): Promise<WrittenVideo> {
    return this.#guard(async () => {
      if (this.#count === 0) {
        throw new BunrakuError("MEDIA", `${this.#target.path}: expected at least one frame to write, got none.`);
      }
      const result = await this.#sink.finish(this.#end);
      await this.#sink.close();
      this.#options.signal?.throwIfAborted();
      await this.#target.commit();
      this.#state = "finished";
      return { path: this.#target.path, duration: this.#end, ...result };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // `return writer.finish()` disposes while finish() runs, and native encoders must not be freed at work.
    await this.#running?.catch(() => {});
    await this.#discard();
  }

  async #discard(): Promise<void> {
    if (this.#state !== "open") return;
    this.#state = "closed";
    try {
      await this.#sink.close();
    } finally {
      await this.#target.discard();
    }
  }

  #rebase(frame: Frame | Picture): Frame {
    const { width, height, frameRate } = this.#options;
    if (frame.width !== width || frame.height !== height || frame.data.length !== width * height * 4) {
      throw new BunrakuError(
        "OPTION",
        `${this.#target.path}: expected frames of ${width}x${height} RGBA, got ${frame.width}x${frame.height} with ${frame.data.length} bytes.`,
      );
    }
    const timed = "timestamp" in frame;
    const clock = timed ? frame.timestamp : this.#count / frameRate;
    const duration = timed && frame.duration > 0 ? frame.duration : 1 / frameRate;
    if (this.#count === 0) this.#origin = clock;
    const timestamp = clock - this.#origin;
    if (!Number.isFinite(timestamp) || timestamp <= this.#last) {
      throw new BunrakuError(
        "OPTION",
        `${this.#target.path}: frame ${this.#count + 1} is at ${timestamp} s, but the one before it is at ${this.#last} s. Times must rise.`,
      );
    }
    return { width, height, data: frame.data, timestamp, duration };
  }

  /** One call at a time. */
  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running) {
      throw new BunrakuError("OPTION", `${this.#target.path}: the call before is still running. Await every write().`);
    }
    if (this.#state !== "open") {
      throw new BunrakuError("DISPOSED", `${this.#target.path}: the writer is ${this.#state}.`);
    }
    const running = work();
    this.#running = running;
    try {
      return await running;
    } finally {
      this.#running = undefined;
    }
  }

  /** Nothing half-written survives a failure or an abort. */
  async #guard<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this.#options;
    try {
      signal?.throwIfAborted();
      return await work();
    } catch (error) {
      await this.#discard().catch(() => {});
      signal?.throwIfAborted();
      if (BunrakuError.is(error)) throw error;
      const code = (error as NodeJS.ErrnoException).code;
      const disk = code !== undefined && /^E[A-Z]+$/.test(code);
      throw new BunrakuError(
        disk ? "FILE" : "MEDIA",
        `${this.#target.path}: could not be ${disk ? "written" : "encoded"} (${firstLine(error)}).`,
        { cause: error },
      );
    }
  }
}
