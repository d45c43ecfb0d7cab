import { readFile } from "node:fs/promises";
import type { ModelBundle } from "@bunraku/animate";
import type { Backend, Warning } from "@bunraku/backends";
import { createFaceDetector, type FoundCrop, findPortraitCrop, findVideoCrop, yunet } from "@bunraku/faces";
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
): Promise<{ sourceCrop: Crop; drivingCrop: Crop; warnings: Warning[] }> {
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
  const warnings: Warning[] = [];
  const framed = ({ crop, face }: FoundCrop, what: string, option: string): Crop => {
    const message = `No face was found in the ${what}, so its middle is used. ${option} left,top,width,height says where it is.`;
    if (!face) warnings.push({ type: "no-face", message });
    return crop;
  };
  return {
    sourceCrop:
      choices.source === "face"
        ? framed(await findPortraitCrop(detector!, source, find), "source", "--source-crop")
        : choices.source === "centre"
          ? centreCrop(source, aspect)
          : choices.source,
    drivingCrop:
      choices.driving === "face"
        ? framed(await findVideoCrop(detector!, video.frames(range), find), "driving video", "--driving-crop")
        : choices.driving === "centre"
          ? centreCrop(video.info, aspect)
          : choices.driving,
    warnings,
  };
}
