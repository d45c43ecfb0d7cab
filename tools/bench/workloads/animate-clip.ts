import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { animate, type Model } from "@bunraku/animate";
import { createVideoWriter, loadPicture, openVideo, type Picture } from "@bunraku/media/node";

const samples = new URL("../../../samples/", import.meta.url);
export const drivingClip = fileURLToPath(new URL("driving/nod.mp4", samples));
export const sourcePath = fileURLToPath(new URL("portraits/head_07.png", samples));
export const sourcePicture = (): Promise<Picture> => loadPicture(sourcePath);

/**
 * Animates a picture with the shipped clip as `bunraku animate` does once all is framed: decodes, moves the picture at its
 * own resolution, writes an MP4.
 *
 * @returns Milliseconds per frame, from opening the clip to the finished file.
 */
export async function animateClip(
  model: Model,
  source: Picture,
  output: string,
  signal: AbortSignal,
  { size, seconds }: { readonly size?: number; readonly seconds?: number } = {},
): Promise<number> {
  const begun = performance.now();
  await using video = await openVideo(drivingClip, { signal });
  const { width, height } = size === undefined ? source : { width: size, height: size };
  const { frameRate } = video.info;
  await using writer = await createVideoWriter(output, { width, height, frameRate, overwrite: true, signal });
  const driving = video.frames({ signal, ...(seconds !== undefined && { duration: seconds }) });
  for await (const frame of animate(model, source, driving, { signal, size: { width, height } }))
    await writer.write(frame);
  const { frames } = await writer.finish();
  return (performance.now() - begun) / frames;
}

/** A folder for results that nobody looks at. */
export async function temporaryFolder(): Promise<AsyncDisposable & { file(name: string): string }> {
  const folder = await mkdtemp(join(tmpdir(), "bunraku-bench-"));
  return {
    file: (name) => join(folder, name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
