import { BunrakuError } from "@bunraku/backends";
import { startFfmpeg } from "../codecs/system-ffmpeg.ts";
import { type DisplayShape, displayFilters, guessMatrix, matrixName } from "./display-shape.ts";
import type { DecodedPicture } from "./frame-durations.ts";

/**
 * What keeps ffmpeg from opening anything but the one file: a text file named .mp4 can be a playlist that names others.
 *
 * Goes before every `-i`.
 */
export const ONLY_THIS_FILE = ["-protocol_whitelist", "file,pipe", "-format_whitelist", "mov,matroska"] as const;

/**
 * Decodes with the `ffmpeg` program, for when the codec packages are not installed.
 *
 * A raw pipe carries no times, so each frame's time is read from what the `showinfo` filter says on stderr.
 *
 * @param start First moment to show, on the clock of the file. Seconds.
 * @param end Frames from here on are left out. Seconds.
 */
export async function* decodeWithFfmpeg(
  program: string,
  path: string,
  shape: DisplayShape,
  start: number | undefined,
  end: number,
  maxPixels: number,
): AsyncGenerator<DecodedPicture, void, undefined> {
  const times: number[] = [];
  let tick = 0;
  const matrix = matrixName(shape.matrix) ?? (guessMatrix(shape) === "bt709" ? "bt709" : "auto");
  const range = shape.fullRange === undefined ? "auto" : shape.fullRange ? "pc" : "tv";
  const filters = `${displayFilters(shape, matrix, range)},showinfo=checksum=0`;
  const ffmpeg = startFfmpeg(
    program,
    // An explicit "file:" keeps a name like "pipe:0" or "http://…" from being anything else.
    // biome-ignore format: options and their values stay together
    [
      "-nostats", "-loglevel", "info", "-xerror", "-noautorotate", "-copyts", "-max_pixels", String(maxPixels), ...ONLY_THIS_FILE,
      "-i", `file:${path}`, "-map", "0:v:0", "-fps_mode", "passthrough", "-vf", filters,
      "-f", "rawvideo", "-pix_fmt", "rgba", "pipe:1",
    ],
    (line) => {
      if (!line.includes("showinfo")) return;
      const base = /config in time_base: (\d+)\/(\d+)/.exec(line);
      if (base) tick = Number(base[1]) / Number(base[2]);
      const pts = / n: *\d+ pts: *(-?\d+)/.exec(line);
      if (pts) times.push(Number(pts[1]) * tick);
    },
  );
  ffmpeg.child.stdin?.end();
  const bytes = shape.width * shape.height * 4;
  const picture = (data: Uint8Array<ArrayBuffer>, timestamp: number): DecodedPicture => {
    const { width, height } = shape;
    return { width, height, data: new Uint8ClampedArray(data.buffer), timestamp, duration: 0 };
  };
  // The frame shown at `start` is the last one that begins no later.
  let before: DecodedPicture | undefined;
  let ranOut = true;
  try {
    for await (const data of inPieces(ffmpeg.child.stdout!, bytes)) {
      const timestamp = await nextTime();
      if (timestamp >= end) {
        ranOut = false;
        break;
      }
      const frame = picture(data, timestamp);
      if (start !== undefined && timestamp <= start) {
        before = frame;
        continue;
      }
      if (before) {
        const first = before;
        before = undefined;
        yield first;
      }
      yield frame;
    }
    if (before) yield before;
    // Left early, ffmpeg complains about the closed pipe; else its exit code speaks of the file.
    if (ranOut && (await ffmpeg.exit).code !== 0) throw failure(program, ffmpeg.complaint());
  } finally {
    await ffmpeg.kill();
  }

  /** The line about a frame leaves ffmpeg before its pixels do, and may reach us a moment later. */
  async function nextTime(): Promise<number> {
    for (let wait = 0; times.length === 0 && wait < 2000; wait++) await new Promise((r) => setTimeout(r, 1));
    const time = times.shift();
    if (time === undefined) throw new Error("ffmpeg gave a frame without a time");
    return time;
  }
}

function failure(program: string, complaint: string): Error {
  if (!/fps_mode|Unrecognized option/.test(complaint)) return new Error(complaint);
  return new BunrakuError(
    "BACKEND_UNAVAILABLE",
    `${program} is older than 5.1 (${complaint}). Install a newer ffmpeg.`,
  );
}

/** Cuts a stream into pieces of exactly `size` bytes; an unfinished last piece is dropped. */
async function* inPieces(stream: AsyncIterable<Buffer>, size: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let piece = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of stream) {
    for (let at = 0; at < chunk.length; ) {
      const count = Math.min(size - filled, chunk.length - at);
      piece.set(chunk.subarray(at, at + count), filled);
      filled += count;
      at += count;
      if (filled === size) {
        yield piece;
        piece = new Uint8Array(size);
        filled = 0;
      }
    }
  }
}
