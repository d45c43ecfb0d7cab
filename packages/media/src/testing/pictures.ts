import type { Picture } from "../picture.ts";

/** A picture of one colour. */
export function plain(width: number, height: number, [r, g, b, a = 255]: readonly number[]): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set([r!, g!, b!, a], at);
  return { width, height, data };
}

/** Squares of colours in a row. */
export function patches(colours: readonly (readonly number[])[], side: number): Picture {
  const width = side * colours.length;
  const data = new Uint8ClampedArray(width * side * 4);
  for (let at = 0; at < data.length / 4; at++) {
    const [r, g, b] = colours[Math.floor((at % width) / side)]!;
    data.set([r!, g!, b!, 255], at * 4);
  }
  return { width, height: side, data };
}

/** Red, green, blue and white quarters, from the top left, row by row: shows which way up it is. */
export function quarters(width: number, height: number): Picture {
  const colours = [
    [220, 40, 40],
    [40, 200, 60],
    [30, 60, 210],
    [240, 240, 240],
  ] as const;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = colours[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)]!;
      data.set([...colour, 255], (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

/** Frame `index` of a small film: a bright bar walks over a soft background. */
export function film(width: number, height: number, index: number): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bar = Math.abs(x - ((index * 3) % width)) < 4;
      data.set(
        bar ? [250, 230, 40, 255] : [60 + (x * 100) / width, 90, 60 + (y * 100) / height, 255],
        (y * width + x) * 4,
      );
    }
  }
  return { width, height, data };
}

/** RGBA at a place. */
export function pixel({ width, data }: Picture, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

/** The largest difference of two pictures' bytes. */
export function distance(one: Picture, other: Picture): number {
  let most = 0;
  for (let i = 0; i < one.data.length; i++) most = Math.max(most, Math.abs(one.data[i]! - other.data[i]!));
  return most;
}

/** A picture that hardly compresses, another one for each seed. */
export function noise(width: number, height: number, seed: number): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  let state = seed * 7919 + 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes, 7.1
    data[i] = i % 4 === 3 ? 255 : state >>> 24;
  }
  return { width, height, data };
}
