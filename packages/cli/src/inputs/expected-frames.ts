import type { VideoReader } from "@bunraku/media/node";

/** How many frames a part of a video will give, as far as that is known; for progress. */
export function expectedFrames(
  { info }: VideoReader,
  { start = 0, duration }: { start?: number; duration?: number },
): number | undefined {
  if (info.frameCount === undefined || (start === 0 && duration === undefined)) return info.frameCount;
  const seconds = Math.min(duration ?? Number.POSITIVE_INFINITY, info.duration - start);
  return Math.max(1, Math.round((info.frameCount * seconds) / info.duration));
}
