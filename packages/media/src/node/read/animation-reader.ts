import { open } from "node:fs/promises";
import { BunrakuError, type Warning } from "@bunraku/backends";
import type { Metadata } from "sharp";
import type { Frame, VideoInfo } from "../../video.ts";
import type { InputFile } from "../input-file.ts";
import { firstLine, loadSharp, type Sharp } from "../optional-packages.ts";
import { checkRange } from "./frame-range.ts";
import type { FrameRange, VideoReader } from "./video-reader.ts";

/** Decoded frames held at once. An animation is decoded from its start for every batch, so batches are not tiny. */
const BATCH_BYTES = 64 * 2 ** 20;

/**
 * Reads an animated GIF or WebP. Its frames may be transparent.
 *
 * @throws `MEDIA` when it is damaged or larger than `maxPixels` a frame, `BACKEND_MISSING` without `sharp`.
 */
export async function animationReader(file: InputFile, maxPixels: number): Promise<VideoReader> {
  const { path } = file;
  const sharp = await loadSharp();
  const { info, times } = await readAnimation(sharp, file, maxPixels);

  async function* frames(range: FrameRange = {}): AsyncGenerator<Frame, void, undefined> {
    const { signal } = range;
    const { start, end } = checkRange(path, range, info.duration);
    const count = times.length - 1;
    const batch = Math.max(1, Math.min(128, Math.floor(BATCH_BYTES / (info.width * info.height * 4))));
    let from = 0;
    while (from < count - 1 && times[from + 1]! <= start) from++;
    for (let page = from; page < count && times[page]! < end; page += batch) {
      signal?.throwIfAborted();
      const pages = Math.min(batch, count - page);
      const pixels = await decodePages(page, pages);
      const bytes = pixels.length / pages;
      for (let i = 0; i < pages && times[page + i]! < end; i++) {
        const data = new Uint8ClampedArray(pixels.subarray(i * bytes, (i + 1) * bytes));
        const timestamp = times[page + i]!;
        signal?.throwIfAborted();
        yield { width: info.width, height: info.height, data, timestamp, duration: times[page + i + 1]! - timestamp };
      }
    }
  }

  async function decodePages(page: number, pages: number): Promise<Uint8Array> {
    try {
      const image = sharp(path, { page, pages, failOn: "warning", limitInputPixels: false });
      return await image.toColourspace("srgb").ensureAlpha().raw({ depth: "uchar" }).toBuffer();
    } catch (error) {
      const how = page === 0 ? "no frame can be decoded" : `the animation is damaged after about ${page} frames`;
      throw new BunrakuError("MEDIA", `${path}: ${how} (${firstLine(error)}). Download or export it again.`, {
        cause: error,
      });
    }
  }
  const warnings: Warning[] = [];
  if (file.kind === "gif" && !(await endsWithTrailer(file))) {
    // Viewers show what is there, and so does the decoder: many odd programs leave the mark out.
    warnings.push({ type: "cut-off", message: `${path}: the GIF has no end mark, so it may be cut off.` });
  }
  return { info, audio: undefined, warnings, frames, async [Symbol.asyncDispose]() {} };
}

/** What an animation says of itself, and when its frames begin; the last time is where it ends. */
export async function readAnimation(
  sharp: Sharp,
  file: InputFile,
  maxPixels: number,
): Promise<{ info: VideoInfo; times: number[] }> {
  const { path, kind, description } = file;
  let metadata: Metadata;
  try {
    metadata = await sharp(path, { pages: -1, limitInputPixels: false }).metadata();
  } catch (error) {
    throw new BunrakuError("MEDIA", `${path}: ${description} that cannot be read (${firstLine(error)}).`, {
      cause: error,
    });
  }
  const { width = 0, pages = 1, delay = [] } = metadata;
  const height = metadata.pageHeight ?? metadata.height ?? 0;
  if (width * height > maxPixels) {
    throw new BunrakuError(
      "MEDIA",
      `${path}: expected frames of at most ${maxPixels} pixels, got ${width}x${height}. Scale it down first (a program can raise limits.maxPixels).`,
    );
  }
  const times = [0];
  for (let i = 0; i < pages; i++) times.push(times[i]! + shownFor(delay[i] ?? 0) / 1000);
  const duration = times[pages]!;
  const container = kind === "webp" ? "webp" : "gif";
  const info: VideoInfo = {
    width,
    height,
    frameCount: pages,
    frameCountExact: true,
    duration,
    frameRate: pages / duration,
    codec: container,
    container,
    hasAudio: false,
  };
  return { info, times };
}

async function endsWithTrailer({ path, size }: InputFile): Promise<boolean> {
  const handle = await open(path, "r");
  try {
    const { buffer } = await handle.read(new Uint8Array(1), 0, 1, size - 1);
    return buffer[0] === 0x3b;
  } finally {
    await handle.close();
  }
}

/** Milliseconds a frame is shown: browsers take delays of 10 ms and less for 100 ms, and files rely on it. */
function shownFor(delay: number): number {
  return delay <= 10 ? 100 : delay;
}
