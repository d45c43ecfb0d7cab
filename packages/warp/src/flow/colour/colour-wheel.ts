import { BunrakuError } from "@bunraku/backends";
import type { Picture } from "../../pixels/picture.ts";
import { paintDisplacement, wheelHues } from "./hues.ts";

/**
 * The legend of `flowToPicture`: a disc in which each place has the colour of the displacement from the middle to it.
 *
 * Its rim is `maxRadius` long; outside the disc the picture is transparent.
 *
 * @param size width and height in pixels, odd for a white pixel in the middle
 * @returns Owned by the caller.
 * @throws `OPTION` when the size is not a whole number of pixels from 3 to 4096
 */
export function colourWheel(size: number): Picture {
  if (!Number.isInteger(size) || size < 3 || size > 4096) {
    throw new BunrakuError("OPTION", `colourWheel: size must be a whole number of pixels from 3 to 4096, got ${size}.`);
  }
  const hues = wheelHues();
  const radius = (size - 1) / 2;
  const data = new Uint8ClampedArray(4 * size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const u = x / radius - 1;
      const v = y / radius - 1;
      if (Math.hypot(u, v) <= 1) paintDisplacement(hues, u, v, data, 4 * (y * size + x));
    }
  }
  return { width: size, height: size, data };
}
