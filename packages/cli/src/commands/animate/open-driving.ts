import { BunrakuError } from "@bunraku/backends";
import { openVideo, type VideoReader } from "@bunraku/media/node";
import { type MotionFile, openMotionFile } from "../../inputs/motion-file.ts";
import type { CropChoice } from "../../terminal/option-values.ts";

export interface DrivingChoice {
  readonly driving?: string;
  readonly motion?: string;
  readonly start?: number;
  readonly duration?: number;
  readonly drivingCrop?: CropChoice;
  readonly smooth?: "offline" | "live";
  /** A frame, or `true` for the one posed most like the source. */
  readonly bestFrame?: number | true;
  readonly background?: readonly [number, number, number];
}

/** What moves the picture: a video, or recorded motion. */
export type DrivingInput = { readonly video: VideoReader } | { readonly clip: MotionFile };

/** Opens what was asked for. @throws `OPTION` when it is not exactly one; `FILE`, `MEDIA` */
export async function openDriving(choice: DrivingChoice, signal: AbortSignal): Promise<DrivingInput & AsyncDisposable> {
  const { driving, motion, start, duration, drivingCrop = "auto" } = choice;
  if (driving === undefined && motion === undefined) throw oneOfTwo("neither");
  if (driving !== undefined && motion !== undefined) throw oneOfTwo("both");
  if (driving !== undefined) {
    const video = await openVideo(driving, { signal });
    return { video, [Symbol.asyncDispose]: () => video[Symbol.asyncDispose]() };
  }
  const videoOnly = {
    "--start": start,
    "--duration": duration,
    "--driving-crop": drivingCrop === "auto" ? undefined : drivingCrop,
  };
  const given = Object.entries(videoOnly).find(([, value]) => value !== undefined);
  if (given) throw new BunrakuError("OPTION", `${given[0]} is for --driving; recorded motion is played as it is.`);
  const clip = await openMotionFile(motion!, signal);
  return { clip, [Symbol.asyncDispose]: async () => undefined };
}

function oneOfTwo(got: string): BunrakuError {
  return new BunrakuError("OPTION", `Give --driving or --motion: a video, or motion recorded from one; got ${got}.`);
}
