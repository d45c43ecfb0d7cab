import { BunrakuError } from "@bunraku/backends";
import type { FrameRange } from "./video-reader.ts";

/**
 * Start and end of a range in seconds; the end is infinite when none was asked for.
 *
 * @throws `OPTION` when it lies outside the video or is no range.
 */
export function checkRange(path: string, range: FrameRange, length: number): { start: number; end: number } {
  const { start = 0, duration = Number.POSITIVE_INFINITY } = range;
  if (!(start >= 0) || !Number.isFinite(start)) {
    throw new BunrakuError("OPTION", `start: expected seconds from 0 on, got ${start}.`);
  }
  if (!(duration > 0)) throw new BunrakuError("OPTION", `duration: expected seconds above 0, got ${duration}.`);
  if (start > 0 && start >= length) {
    throw new BunrakuError("OPTION", `${path}: start is at ${start} s, but the video ends at ${length.toFixed(3)} s.`);
  }
  return { start, end: start + duration };
}
