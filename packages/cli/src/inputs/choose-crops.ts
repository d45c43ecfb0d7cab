import { readFile } from "node:fs/promises";
import type { Backend, Warning } from "@bunraku/backends";
import {
  createFaceDetector,
  type FaceDetector,
  type FoundCrop,
  findPortraitCrop,
  findVideoCrop,
  yunet,
} from "@bunraku/faces";
import type { VideoReader } from "@bunraku/media/node";
import { type Crop, centreCrop, type Picture } from "@bunraku/warp";
import type { CropChoice } from "../terminal/option-values.ts";
import type { ChosenModel } from "./load-chosen-model.ts";

/** Faces are looked for in this much of the driving video, in seconds: one crop serves all of it. */
const lookedThrough = 5;

/** What is known of a model before it frames anything. */
export interface ModelToFrameFor extends Pick<ChosenModel, "backend" | "bundle"> {
  readonly model: Pick<ChosenModel["model"], "size">;
}

/** The part of a picture or video that is used, and what there is to say of it. */
export interface ChosenCrop {
  readonly crop: Crop;
  readonly warnings: readonly Warning[];
}

/** Settles which part of the source is used, and looks for a face where that was asked for. */
export async function chooseSourceCrop(
  chosen: ModelToFrameFor,
  source: Picture,
  { sourceCrop = "auto" }: { readonly sourceCrop?: CropChoice },
  signal: AbortSignal,
): Promise<ChosenCrop> {
  const aspect = aspectOf(chosen);
  const choice = choiceOf(sourceCrop, chosen);
  if (choice === "centre") return { crop: centreCrop(source, aspect), warnings: [] };
  if (choice !== "face") return { crop: choice, warnings: [] };
  const found = await withFaces(chosen.backend, (faces) => findPortraitCrop(faces, source, { aspect, signal }));
  return framed(found, "source", "--source-crop");
}

/** The same for the driving video: one crop for all of it. */
export async function chooseDrivingCrop(
  chosen: ModelToFrameFor,
  video: VideoReader,
  {
    drivingCrop = "auto",
    start,
    duration,
  }: { readonly drivingCrop?: CropChoice; readonly start?: number; readonly duration?: number },
  signal: AbortSignal,
): Promise<ChosenCrop> {
  const aspect = aspectOf(chosen);
  const choice = choiceOf(drivingCrop, chosen);
  if (choice === "centre") return { crop: centreCrop(video.info, aspect), warnings: [] };
  if (choice !== "face") return { crop: choice, warnings: [] };
  const range = { start, duration: Math.min(duration ?? lookedThrough, lookedThrough), signal };
  const found = await withFaces(chosen.backend, (faces) =>
    findVideoCrop(faces, video.frames(range), { aspect, signal }),
  );
  return framed(found, "driving video", "--driving-crop");
}

function aspectOf({ model: { size } }: ModelToFrameFor): number {
  return size.width / size.height;
}

function choiceOf(choice: CropChoice, { bundle: { manifest } }: ModelToFrameFor): Exclude<CropChoice, "auto"> {
  if (choice !== "auto") return choice;
  return manifest.framing === "face" ? "face" : "centre";
}

async function withFaces<T>(backend: Backend, look: (faces: FaceDetector) => Promise<T>): Promise<T> {
  await using faces = await createFaceDetector(backend, await readFile(yunet));
  return await look(faces);
}

function framed({ crop, face }: FoundCrop, what: string, option: string): ChosenCrop {
  const message = `No face was found in the ${what}, so its middle is used. ${option} left,top,width,height says where it is.`;
  return { crop, warnings: face ? [] : [{ type: "no-face", message }] };
}
