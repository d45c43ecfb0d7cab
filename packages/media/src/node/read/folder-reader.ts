import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { BunrakuError } from "@bunraku/backends";
import type { Frame, VideoInfo } from "../../video.ts";
import { loadPicture } from "../pictures/load-picture.ts";
import { checkRange } from "./frame-range.ts";
import type { FrameRange, VideoReader } from "./video-reader.ts";

/**
 * Reads a folder of PNG, JPEG or WebP pictures as a video, in natural order (frame2 before frame10).
 *
 * @param frameRate Pictures per second.
 * @throws `MEDIA` when there is no picture in it; frames throw `MEDIA` naming the picture whose size differs.
 */
export async function folderReader(path: string, frameRate: number, maxPixels: number): Promise<VideoReader> {
  if (!(frameRate > 0) || !Number.isFinite(frameRate)) {
    throw new BunrakuError("OPTION", `frameRate: expected frames per second above 0, got ${frameRate}.`);
  }
  const natural = new Intl.Collator("en", { numeric: true });
  const names = (await readdir(path))
    .filter((name) => /\.(png|jpe?g|webp)$/i.test(name) && !name.startsWith("."))
    .sort(natural.compare);
  const firstName = names[0];
  if (firstName === undefined) {
    throw new BunrakuError("MEDIA", `${path}: expected a folder of PNG, JPEG or WebP frames, found none in it.`);
  }
  const first = await loadPicture(join(path, firstName), { maxPixels });
  const info: VideoInfo = {
    width: first.width,
    height: first.height,
    frameCount: names.length,
    frameCountExact: true,
    duration: names.length / frameRate,
    frameRate,
    codec: extname(firstName).slice(1).toLowerCase().replace("jpg", "jpeg"),
    container: "frames",
    hasAudio: false,
  };

  async function* frames(range: FrameRange = {}): AsyncGenerator<Frame, void, undefined> {
    const { start, end } = checkRange(path, range, info.duration);
    // A hair of tolerance: 3 / 25 s must select frame 3, whichever way it was rounded.
    const from = Math.floor(start * frameRate + 1e-6);
    const to = Math.min(names.length, Math.ceil(end * frameRate - 1e-6));
    for (let i = from; i < to; i++) {
      const name = join(path, names[i]!);
      const picture = await loadPicture(name, { maxPixels, signal: range.signal });
      if (picture.width !== info.width || picture.height !== info.height) {
        throw new BunrakuError(
          "MEDIA",
          `${name}: expected ${info.width}x${info.height} like ${firstName}, got ${picture.width}x${picture.height}. All frames must have one size.`,
        );
      }
      yield { ...picture, timestamp: i / frameRate, duration: 1 / frameRate };
    }
  }
  return { info, audio: undefined, warnings: [], frames, async [Symbol.asyncDispose]() {} };
}
