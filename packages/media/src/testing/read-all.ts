import type { Frame } from "../video.ts";

/** All frames of a loop, in an array: for short videos. */
export async function readAll(frames: AsyncIterable<Frame>): Promise<Frame[]> {
  const all: Frame[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}
