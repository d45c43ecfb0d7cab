import type { CalibrationClip } from "@bunraku/animate";
import { loadPicture, openVideo } from "@bunraku/media/node";
import { createPictureResizer, flattenPicture, type Image } from "@bunraku/warp";
import { chooseDrivingCrop, chooseSourceCrop, type ModelToFrameFor } from "../../inputs/choose-crops.ts";
import type { CropChoice } from "../../terminal/option-values.ts";
import type { WarningCounter } from "../../terminal/warning-counter.ts";

export interface FramesToRead {
  readonly drivingCrop?: CropChoice;
  readonly sourceCrop?: CropChoice;
  /** Of each clip. */
  readonly frames: number;
}

/** Reads some frames of a clip, evenly chosen, as the model sees them. At most twice as many are held at a time. */
export async function readClip(
  target: ModelToFrameFor,
  path: string,
  options: FramesToRead,
  warnings: WarningCounter,
  signal: AbortSignal,
): Promise<CalibrationClip> {
  await using video = await openVideo(path, { signal });
  const { crop, warnings: framing } = await chooseDrivingCrop(target, video, options, signal);
  warnings.add(...video.warnings, ...framing);
  const toImage = createPictureResizer(video.info, target.model.size, crop);
  let [kept, step, index]: [Image[], number, number] = [[], 1, 0];
  for await (const frame of video.frames({ signal })) {
    if (index++ % step !== 0) continue;
    kept.push(toImage(flattenPicture(frame)));
    if (kept.length < 2 * options.frames) continue;
    kept = kept.filter((_, i) => i % 2 === 0);
    step *= 2;
  }
  return { initial: kept[0]!, frames: evenly(kept, options.frames) };
}

/** Reads pictures as the model sees them. */
export async function readSources(
  target: ModelToFrameFor,
  paths: readonly string[],
  options: FramesToRead,
  warnings: WarningCounter,
  signal: AbortSignal,
): Promise<Image[]> {
  const images: Image[] = [];
  for (const path of paths) {
    const picture = await loadPicture(path, { signal });
    const { crop, warnings: framing } = await chooseSourceCrop(target, picture, options, signal);
    warnings.add(...framing);
    images.push(createPictureResizer(picture, target.model.size, crop)(flattenPicture(picture)));
  }
  return images;
}

function evenly(images: readonly Image[], count: number): Image[] {
  if (images.length <= count) return [...images];
  return Array.from({ length: count }, (_, i) => images[Math.floor((i * images.length) / count)]!);
}
