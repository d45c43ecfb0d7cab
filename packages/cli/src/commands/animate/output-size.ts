import type { RenderMode } from "@bunraku/animate";
import type { Crop, Size } from "@bunraku/warp";

/** Longer sides are reduced to this unless --size asks for more: larger videos play badly, and slow down every step. */
const longestSide = 1280;

/** The result's size: what was asked for, else the source's own within limits, or the model's. */
export function outputSize(
  { size, render, output }: { readonly size?: number; readonly render?: RenderMode; readonly output: string },
  crop: Crop,
  model: Size,
): Size {
  const unit = /\.(mp4|m4v|webm)$/i.test(output) ? 2 : 1; // video has even sides
  const scaled = (scale: number): Size => {
    const side = (pixels: number) => Math.max(unit, unit * Math.round((pixels * scale) / unit));
    return { width: side(crop.width), height: side(crop.height) };
  };
  if (size !== undefined) return scaled(size / Math.max(crop.width, crop.height));
  const small = crop.width <= model.width && crop.height <= model.height;
  if (render === "generator" || (render === undefined && small)) return model;
  return scaled(Math.min(1, longestSide / Math.max(crop.width, crop.height)));
}
