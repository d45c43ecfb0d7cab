import { BunrakuError } from "@bunraku/backends";
import type { Picture } from "../../picture.ts";
import type { Frame } from "../../video.ts";
import { firstLine } from "../optional-packages.ts";
import type { Target } from "./target.ts";
import type { FrameSink, VideoWriter, WrittenVideo } from "./video-writer.ts";
import { isSystemError, writeFailure } from "./write-failure.ts";

interface WriterOptions {
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  readonly signal: AbortSignal | undefined;
}

/** Checks frames, rebases their times, and cleans up. */
export class CheckedWriter implements VideoWriter {
  #target: Target;
  #sink: FrameSink;
  #options: WriterOptions;
  #state: "open" | "finished" | "closed" = "open";
  #running: Promise<unknown> | undefined;
  #count = 0;
  /** Time of the first frame on the caller's clock. */
  #origin = 0;
  #last = -1;
  #end = 0;

  constructor(target: Target, sink: FrameSink, options: WriterOptions) {
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
    if (!Number.isFinite(duration)) {
      const message = `${this.#target.path}: frame ${this.#count + 1} is shown for ${duration} s. Durations must end.`;
      throw new BunrakuError("OPTION", message);
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
      const failure = await this.#failure(error);
      await this.#discard().catch(() => {});
      signal?.throwIfAborted();
      throw failure;
    }
  }

  async #failure(error: unknown): Promise<unknown> {
    if (BunrakuError.is(error)) return error;
    if (isSystemError(error)) return writeFailure(this.#target, error);
    const message = `${this.#target.path}: could not be encoded (${firstLine(error)}).`;
    return new BunrakuError("MEDIA", message, { cause: error });
  }
}
