import type { Picture } from "@bunraku/warp";

/**
 * A picture `factor` times smaller along both axes, each pixel the mean of a block; columns and rows that fill no
 * block are dropped. Reads every pixel once, which the taps of `drawLetterbox` do not: that matters from 4K on.
 *
 * @param factor Whole, at most the shorter side. At 1 the same picture comes back.
 * @returns An opaque picture.
 */
export function shrinkPicture(picture: Picture, factor: number): Picture {
  if (factor === 1) return picture;
  const width = Math.floor(picture.width / factor);
  const height = Math.floor(picture.height / factor);
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  const sums = new Uint32Array(width * 3);
  const area = factor * factor;
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let i = 0; i < factor; i++) {
      let from = (y * factor + i) * picture.width * 4;
      for (let x = 0; x < width; x++) {
        for (let j = 0; j < factor; j++, from += 4) {
          sums[3 * x]! += picture.data[from]!;
          sums[3 * x + 1]! += picture.data[from + 1]!;
          sums[3 * x + 2]! += picture.data[from + 2]!;
        }
      }
    }
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * 4;
      data[to] = sums[3 * x]! / area;
      data[to + 1] = sums[3 * x + 1]! / area;
      data[to + 2] = sums[3 * x + 2]! / area;
    }
  }
  return { width, height, data };
}
