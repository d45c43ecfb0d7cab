import type { Size } from "./resize-bilinear.ts";

/** The size of a picture scaled by a factor: whole pixels, rounded down (PyTorch's `interpolate(scale_factor)`). */
export function scaledSize({ height, width }: Size, factor: number): Size {
  return { height: Math.floor(height * factor), width: Math.floor(width * factor) };
}
