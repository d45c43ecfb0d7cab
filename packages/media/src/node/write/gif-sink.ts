import { type FileHandle, open } from "node:fs/promises";
import { BunrakuError } from "@bunraku/backends";
import type { Frame } from "../../video.ts";
import { droppedSound } from "./dropped-sound.ts";
import { openGifStream } from "./gif-stream.ts";
import { gifTimes } from "./gif-times.ts";
import type { Target } from "./target.ts";
import type { FrameSink } from "./video-writer.ts";
import { writeAll } from "./write-all.ts";

/** How many frames, and bytes of them, the first palette is made from. */
const LEARN_FRAMES = 30;
const LEARN_BYTES = 64 * 2 ** 20;

/**
 * Seconds. A delay ends at 11 minutes, so that a longer one costs frames: times that a damaged or hostile file makes up
 * would cost all memory, and then the disk.
 */
const LONGEST = 24 * 3600;

/** Writes an endless GIF to a file, frame by frame. @throws `MEDIA` when it would last longer than a day */
export async function openGifSink(
  { path, part }: Pick<Target, "path" | "part">,
  options: { width: number; height: number; audio?: unknown },
): Promise<FrameSink> {
  const { width, height, audio } = options;
  const file: FileHandle = await open(part, "w");
  const gif = openGifStream(width, height);
  const times = gifTimes<Uint8ClampedArray>();
  const waiting: { data: Uint8ClampedArray; delay: number }[] = [];
  let learned = false;
  let closed = false;
  let written = 0;
  let position = 0;

  const emit = async (shown: readonly { value: Uint8ClampedArray; delay: number }[]) => {
    for (const { value, delay } of shown) {
      if (learned) await put(value, delay);
      else {
        waiting.push({ data: value, delay });
        if (waiting.length >= LEARN_FRAMES || waiting.length * value.length >= LEARN_BYTES) await learn();
      }
    }
  };
  const learn = async () => {
    learned = true;
    gif.learn(waiting.map(({ data }) => data));
    for (const { data, delay } of waiting.splice(0)) await put(data, delay);
  };
  const put = async (data: Uint8ClampedArray, delay: number) => {
    await append(gif.frame(data, delay));
    written++;
  };
  const append = async (bytes: Uint8Array) => {
    await writeAll(file, bytes, position);
    position += bytes.length;
  };

  const checkLength = (seconds: number) => {
    if (seconds <= LONGEST) return;
    const message = `${path}: expected at most 24 hours for a GIF, got ${(seconds / 3600).toFixed(1)}. Cut it, or write .mp4 or .webm.`;
    throw new BunrakuError("MEDIA", message);
  };

  return {
    async write({ data, timestamp }: Frame) {
      checkLength(timestamp);
      // Kept until its delay is known, so it needs its own copy.
      await emit(times.next(data.slice(), timestamp));
    },
    async finish(duration) {
      checkLength(duration);
      await emit(times.end(duration));
      if (!learned) await learn();
      await append(gif.end());
      return { frames: written, ...droppedSound(audio !== undefined, "A GIF") };
    },
    async close() {
      if (closed) return;
      closed = true;
      await file.close();
    },
  };
}
