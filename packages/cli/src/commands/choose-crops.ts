import { readFile } from "node:fs/promises";
import type { ModelBundle } from "@bunraku/animate";
import type { Backend } from "@bunraku/backends";
import { createFaceDetector, findPortraitCrop, findVideoCrop, yunet } from "@bunraku/faces";
import type { VideoReader } from "@bunraku/media/node";
import { type Crop, centreCrop, type Picture, type Size } from "@bunraku/warp";
import type { CropChoice } from "../terminal/option-values.ts";

/** Faces are looked for in this much of the driving video, in seconds: one crop serves all of it. */
const lookedThrough = 5;

/** Settles which parts of source and driving video are used, and looks for faces where that was asked for. */
export async function chooseCrops(
  backend: Backend,
  { manifest }: ModelBundle,
  model: Size,
  { source, video }: { source: Picture; video: VideoReader },
  {
    sourceCrop = "auto",
    drivingCrop = "auto",
    start,
    duration,
  }: { sourceCrop?: CropChoice; drivingCrop?: CropChoice; start?: number; duration?: number },
  signal: AbortSignal,
): Promise<{ sourceCrop: Crop; drivingCrop: Crop }> {
  const auto = manifest.framing === "face" ? "face" : "centre";
  const choices = {
    source: sourceCrop === "auto" ? auto : sourceCrop,
    driving: drivingCrop === "auto" ? auto : drivingCrop,
  };
  const aspect = model.width / model.height;
  await using detector =
    choices.source === "face" || choices.driving === "face"
      ? await createFaceDetector(backend, await readFile(yunet))
      : undefined;
  const find = { aspect, signal };
  const range = { start, duration: Math.min(duration ?? lookedThrough, lookedThrough), signal };
  return {
    sourceCrop:
      choices.source === "face"
        ? (await findPortraitCrop(detector!, source, find)).crop
        : choices.source === "centre"
          ? centreCrop(source, aspect)
          : choices.source,
    drivingCrop:
      choices.driving === "face"
        ? (await findVideoCrop(detector!, video.frames(range), find)).crop
        : choices.driving === "centre"
          ? centreCrop(video.info, aspect)
          : choices.driving,
  };
}
