import { extname } from "node:path";
import { BunrakuError } from "@bunraku/backends";

/** What can be written. `png-folder` is a folder of frame_000001.png, … */
export type VideoFormat = "mp4" | "webm" | "gif" | "png-folder";

const BY_ENDING: Record<string, VideoFormat> = { ".mp4": "mp4", ".m4v": "mp4", ".webm": "webm", ".gif": "gif" };

/**
 * The format for a path, by its ending; a name that ends with a slash or has no ending means a folder of PNGs.
 *
 * @throws `OPTION` for any other ending.
 */
export function videoFormat(path: string): VideoFormat {
  if (/[\\/]$/.test(path)) return "png-folder";
  const ending = extname(path).toLowerCase();
  const format = ending === "" ? "png-folder" : Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined;
  if (format) return format;
  throw new BunrakuError(
    "OPTION",
    `${path}: expected a name ending in .mp4, .webm or .gif, or a folder for PNG frames, got "${ending}".`,
  );
}
