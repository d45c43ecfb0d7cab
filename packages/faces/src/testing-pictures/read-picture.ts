import { fileURLToPath } from "node:url";
import type { Picture } from "@bunraku/warp";
import sharp, { type Sharp } from "sharp";

/** One of the pictures beside this file. */
export async function readPicture(name: string, change: (image: Sharp) => Sharp = (image) => image): Promise<Picture> {
  const image = sharp(fileURLToPath(new URL(name, import.meta.url)));
  const { data, info } = await change(image).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
}

/** A picture of one grey. */
export function blank(width: number, height: number, grey = 128): Picture {
  return { width, height, data: new Uint8ClampedArray(width * height * 4).fill(grey) };
}

/** A picture of noise, the same for the same seed. */
export function noise(width: number, height: number, seed = 1): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < data.length; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    data[i] = seed >>> 24;
  }
  return { width, height, data };
}

/** `picture` on a larger grey one, its corner at (left, top). */
export function placed(picture: Picture, width: number, height: number, left: number, top: number): Picture {
  const whole = blank(width, height);
  for (let y = 0; y < picture.height; y++) {
    const row = picture.data.subarray(y * picture.width * 4, (y + 1) * picture.width * 4);
    (whole.data as Uint8ClampedArray).set(row, ((top + y) * width + left) * 4);
  }
  return whole;
}
