import type { Colour } from "gifenc";
import { quantize } from "./gifenc.ts";

/** The index that stands for "nothing here" in every frame. */
export const TRANSPARENT = 255;
const ALPHA_THRESHOLD = 128;
/** A palette is made from at most so many pixels, spread over the frames. */
const SAMPLES = 200_000;

/** Colours for frames, and the way from a pixel to one of them. */
export interface GifPalette {
  /** 256 entries, the last one transparent. */
  readonly colours: Colour[];
  /** Mean squared distance of the pixels it was made from. */
  readonly error: number;
  /** Indices of a frame. */
  map(rgba: Uint8ClampedArray, width: number): Uint8Array;
  /** Mean squared distance of a sample of a frame's pixels to their colours. */
  errorOf(rgba: Uint8ClampedArray): number;
}

/** Chooses up to 255 colours for some frames. */
export function makePalette(frames: readonly Uint8ClampedArray[]): GifPalette {
  const sample = samplePixels(frames);
  const colours = sample.length === 0 ? [] : quantize(sample, 255, { format: "rgb565" });
  const used = Math.max(1, colours.length);
  while (colours.length < 256) colours.push([0, 0, 0]);

  // Nearest colour by 15-bit colour, filled on demand; 0 means not known yet.
  const nearest = new Uint16Array(1 << 15);
  const find = (key: number): number => {
    const r = (key >> 10) << 3;
    const g = ((key >> 5) & 31) << 3;
    const b = (key & 31) << 3;
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < used; i++) {
      const [cr, cg, cb] = colours[i]!;
      // The middle of the cell stands for all of it.
      const distance = (cr - r - 4) ** 2 + (cg - g - 4) ** 2 + (cb - b - 4) ** 2;
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    nearest[key] = best + 1;
    return best;
  };
  const lookUp = (r: number, g: number, b: number): number => {
    const key = ((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3);
    const known = nearest[key]!;
    return known === 0 ? find(key) : known - 1;
  };
  const errorOf = (rgba: Uint8ClampedArray): number => {
    // A stride that shares no factor with usual widths visits all columns.
    const step = 4 * Math.max(1, Math.floor(rgba.length / 4 / 4000) | 1);
    let sum = 0;
    let count = 0;
    for (let at = 0; at + 3 < rgba.length; at += step) {
      if (rgba[at + 3]! < ALPHA_THRESHOLD) continue;
      const [r, g, b] = colours[lookUp(rgba[at]!, rgba[at + 1]!, rgba[at + 2]!)]!;
      sum += (r - rgba[at]!) ** 2 + (g - rgba[at + 1]!) ** 2 + (b - rgba[at + 2]!) ** 2;
      count++;
    }
    return count === 0 ? 0 : sum / count;
  };
  const error = frames.reduce((sum, frame) => sum + errorOf(frame), 0) / Math.max(1, frames.length);
  // Dither by about half the distance between colours: more is noise, less leaves bands.
  const strength = Math.min(16, Math.sqrt(error) * 1.2);
  return {
    colours,
    error,
    errorOf,
    map(rgba, width) {
      const index = new Uint8Array(rgba.length / 4);
      for (let i = 0, at = 0; i < index.length; i++, at += 4) {
        if (rgba[at + 3]! < ALPHA_THRESHOLD) {
          index[i] = TRANSPARENT;
          continue;
        }
        const x = i % width;
        const y = (i / width) | 0;
        const shift = BAYER[((y & 7) << 3) | (x & 7)]! * strength;
        index[i] = lookUp(clamp(rgba[at]! + shift), clamp(rgba[at + 1]! + shift), clamp(rgba[at + 2]! + shift));
      }
      return index;
    },
  };
}

/** Whether a frame has transparent pixels. */
export function hasHoles(rgba: Uint8ClampedArray): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at]! < ALPHA_THRESHOLD) return true;
  return false;
}

function samplePixels(frames: readonly Uint8ClampedArray[]): Uint8Array {
  const total = frames.reduce((sum, frame) => sum + frame.length / 4, 0);
  const step = Math.max(1, Math.ceil(total / SAMPLES)) | 1;
  const sample = new Uint8Array((Math.ceil(total / step) + frames.length) * 4);
  let filled = 0;
  for (const frame of frames) {
    for (let at = 0; at + 3 < frame.length; at += 4 * step) {
      if (frame[at + 3]! < ALPHA_THRESHOLD) continue;
      sample.set(frame.subarray(at, at + 4), filled);
      filled += 4;
    }
  }
  // A copy of exactly that size: gifenc reads the whole buffer behind an array.
  return sample.slice(0, filled);
}

/**
 * Ordered dither, from -0.5 to 0.5. Unlike error diffusion it stands still where the picture does, so still parts
 * neither crawl nor cost bytes.
 */
const BAYER: Float32Array = (() => {
  let matrix = [[0]];
  while (matrix.length < 8) {
    const four = matrix.map((row) => row.map((value) => value * 4));
    const plus = (by: number) => four.map((row) => row.map((value) => value + by));
    const beside = (left: number[][], right: number[][]) => left.map((row, i) => [...row, ...right[i]!]);
    matrix = [...beside(plus(0), plus(2)), ...beside(plus(3), plus(1))];
  }
  return Float32Array.from(matrix.flat(), (value) => (value + 0.5) / 64 - 0.5);
})();

function clamp(value: number): number {
  return Math.max(0, Math.min(255, value));
}
