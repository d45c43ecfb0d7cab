import { expectShape, zeros } from "@bunraku/backends";
import { expectPicture, type Picture } from "../pixels/picture.ts";
import type { Image } from "../pixels/picture-resizer.ts";
import { CellRows } from "./cell-rows.ts";
import type { Displacement } from "./displacement.ts";

/** Where, and with what, a warped picture is painted over. */
export interface BlendMap {
  readonly height: number;
  readonly width: number;
  /** Share of the painted picture, in [0, 1]: `[height, width]`. */
  readonly weights: Float32Array;
  /** What is painted: RGB in [0, 1], any size. */
  readonly image: Image;
}

/**
 * Warps a picture of any size by a small displacement map, and paints over it where `blend` says so.
 *
 * Outside the picture its border continues. Alpha moves with the picture; painted parts are opaque.
 *
 * @returns A picture of the same size, owned by the caller
 * @throws `SHAPE` when bytes, cells or weights do not fit their sizes
 */
export function warpPicture(picture: Picture, displacement: Displacement, blend?: BlendMap): Picture {
  expectPicture(picture, "warpPicture");
  const { width, height } = picture;
  const out = new Uint8ClampedArray(width * height * 4);
  const from = pixelsOf(picture.data);
  const to = new Uint32Array(out.buffer);
  const moves = new CellRows(displacement, 2, picture, "displacement");
  const paint = blend && painter(blend, picture);
  for (let y = 0; y < height; y++) {
    warpRow(from, to, y, moves.at(y), picture);
    paint?.(out, y);
  }
  return { width, height, data: out };
}

/** A picture's bytes as whole pixels: a view where they lie so that there can be one. */
function pixelsOf(data: Picture["data"]): Uint32Array {
  const lies = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Uint32Array(lies.buffer, lies.byteOffset, lies.length / 4);
}

/** Places are whole numbers of 1/1024 of a pixel: finer than a byte can show, and their products fit 32 bits. */
const bits = 10;
const one = 1 << bits;
const half = 1 << (2 * bits - 1);

/**
 * One row of the output. A pixel is read and written in one piece, and its bytes are mixed as whole numbers, which is within
 * one level of mixing them as floats. Which byte is which colour does not matter here.
 */
function warpRow(
  from: Uint32Array,
  to: Uint32Array,
  y: number,
  move: Float32Array,
  { width, height }: Pick<Picture, "width" | "height">,
): void {
  const right = width - 1;
  const bottom = height - 1;
  for (let x = 0; x < width; x++) {
    const u = x + move[2 * x]! * width;
    const v = y + move[2 * x + 1]! * height;
    const column = (Math.max(0, Math.min(u, right)) * one + 0.5) | 0;
    const row = (Math.max(0, Math.min(v, bottom)) * one + 0.5) | 0;
    const shareX = column & (one - 1);
    const shareY = row & (one - 1);
    const a = (row >> bits) * width + (column >> bits);
    const b = shareX > 0 ? a + 1 : a; // at the border there is no share to read beyond it
    const down = shareY > 0 ? width : 0;
    const p = from[a]! | 0;
    const q = from[b]! | 0;
    const r = from[a + down]! | 0;
    const s = from[b + down]! | 0;
    const ofS = Math.imul(shareX, shareY);
    const ofQ = (shareX << bits) - ofS;
    const ofR = (shareY << bits) - ofS;
    const ofP = one * one - ofQ - ofR - ofS;
    to[y * width + x] =
      mix(p & 255, q & 255, r & 255, s & 255, ofP, ofQ, ofR, ofS) |
      (mix((p >>> 8) & 255, (q >>> 8) & 255, (r >>> 8) & 255, (s >>> 8) & 255, ofP, ofQ, ofR, ofS) << 8) |
      (mix((p >>> 16) & 255, (q >>> 16) & 255, (r >>> 16) & 255, (s >>> 16) & 255, ofP, ofQ, ofR, ofS) << 16) |
      (mix(p >>> 24, q >>> 24, r >>> 24, s >>> 24, ofP, ofQ, ofR, ofS) << 24);
  }
}

/** Four bytes by four shares, whose sum is 1. */
function mix(p: number, q: number, r: number, s: number, ofP: number, ofQ: number, ofR: number, ofS: number): number {
  return (Math.imul(p, ofP) + Math.imul(q, ofQ) + Math.imul(r, ofR) + Math.imul(s, ofS) + half) >>> (2 * bits);
}

/** Paints one row of the output, in place. */
function painter(blend: BlendMap, { width, height }: Picture): (out: Uint8ClampedArray, y: number) => void {
  const [, , imageHeight, imageWidth] = expectShape(blend.image, [1, 3, "H", "W"], "blend image").dims;
  const shares = { height: blend.height, width: blend.width, data: blend.weights };
  const weights = new CellRows(shares, 1, { width, height }, "blend weights");
  const plane = imageHeight * imageWidth;
  const interleaved = new Float32Array(plane * 3);
  for (let i = 0; i < plane; i++) {
    interleaved[3 * i] = blend.image.data[i]! * 255;
    interleaved[3 * i + 1] = blend.image.data[plane + i]! * 255;
    interleaved[3 * i + 2] = blend.image.data[2 * plane + i]! * 255;
  }
  const colours = new CellRows({ height: imageHeight, width: imageWidth, data: interleaved }, 3, { width, height });
  return (out, y) => {
    const weight = weights.at(y);
    if (!isPainted(weight)) return;
    paintRow(out, y * width, weight, colours.at(y));
  };
}

/** Less than half a grey level is nothing. */
const least = 1 / 512;

function isPainted(weight: Float32Array): boolean {
  for (let x = 0; x < weight.length; x++) if (weight[x]! >= least) return true;
  return false;
}

function paintRow(out: Uint8ClampedArray, first: number, weight: Float32Array, colour: Float32Array): void {
  for (let x = 0; x < weight.length; x++) {
    const share = weight[x]!;
    if (share < least) continue;
    const rest = 1 - share;
    const to = 4 * (first + x);
    out[to] = out[to]! * rest + colour[3 * x]! * share;
    out[to + 1] = out[to + 1]! * rest + colour[3 * x + 1]! * share;
    out[to + 2] = out[to + 2]! * rest + colour[3 * x + 2]! * share;
    out[to + 3] = out[to + 3]! * rest + 255 * share;
  }
}

/**
 * Warps an image by a displacement map: `warpPicture` for `[1, 3, H, W]` floats.
 *
 * @returns An image of the same size, owned by the caller
 */
export function warpImage(image: Image, displacement: Displacement): Image {
  const [, , height, width] = expectShape(image, [1, 3, "H", "W"], "warpImage image").dims;
  const out = zeros([1, 3, height, width]);
  const moves = new CellRows(displacement, 2, { width, height }, "displacement");
  for (let y = 0; y < height; y++) {
    const move = moves.at(y);
    for (let x = 0; x < width; x++) {
      const u = Math.min(Math.max(x + move[2 * x]! * width, 0), width - 1);
      const v = Math.min(Math.max(y + move[2 * x + 1]! * height, 0), height - 1);
      const left = Math.floor(u);
      const top = Math.floor(v);
      const right = u - left;
      const bottom = v - top;
      const a = top * width + left;
      const b = left + 1 < width ? a + 1 : a;
      const down = top + 1 < height ? width : 0;
      for (let c = 0; c < 3; c++) {
        const plane = c * height * width;
        const above = image.data[plane + a]! * (1 - right) + image.data[plane + b]! * right;
        const below = image.data[plane + a + down]! * (1 - right) + image.data[plane + b + down]! * right;
        out.data[plane + y * width + x] = above * (1 - bottom) + below * bottom;
      }
    }
  }
  return out;
}
