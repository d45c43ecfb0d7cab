import type { GlobalType } from "@bunraku/backends";
import type { Picture } from "./picture.ts";

/** What pixels can be read from: RGBA bytes (ImageData fits), or whatever a browser shows. */
export type PixelSource =
  | Picture
  | GlobalType<"VideoFrame">
  | GlobalType<"HTMLVideoElement">
  | GlobalType<"ImageBitmap">
  | GlobalType<"HTMLImageElement">
  | GlobalType<"HTMLCanvasElement">
  | GlobalType<"OffscreenCanvas">;

/** A source by the way its pixels reach a GPU, and its size in pixels. */
export type SortedSource = { readonly width: number; readonly height: number } & (
  | { readonly bytes: Picture }
  | { readonly video: VideoFrame | HTMLVideoElement }
  | { readonly image: ImageBitmap | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas }
);

/** Told by their members, not their classes: workers and Node lack some of the classes. */
export function sortSource(source: PixelSource): SortedSource {
  if ("data" in source) return { width: source.width, height: source.height, bytes: source };
  if ("displayWidth" in source) return { width: source.displayWidth, height: source.displayHeight, video: source };
  if ("videoWidth" in source) return { width: source.videoWidth, height: source.videoHeight, video: source };
  if ("naturalWidth" in source) return { width: source.naturalWidth, height: source.naturalHeight, image: source };
  return { width: source.width, height: source.height, image: source };
}

/** The size of a source, in pixels, as a reader of frames sees it. */
export function sourceSize(source: PixelSource): { readonly width: number; readonly height: number } {
  const { width, height } = sortSource(source);
  return { width, height };
}
