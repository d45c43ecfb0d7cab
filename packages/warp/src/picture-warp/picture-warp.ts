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
  const { width, height, data } = picture;
  const out = new Uint8ClampedArray(width * height * 4);
  const moves = new CellRows(displacement, 2, picture, "displacement");
  const paint = blend && painter(blend, picture);
  for (let y = 0; y < height; y++) {
    const move = moves.at(y);
    for (let x = 0; x < width; x++) {
      const u = Math.min(Math.max(x + move[2 * x]! * width, 0), width - 1);
      const v = Math.min(Math.max(y + move[2 * x + 1]! * height, 0), height - 1);
      const left = Math.floor(u);
      const top = Math.floor(v);
      const right = u - left;
      const bottom = v - top;
      const a = (top * width + left) * 4;
      const b = left + 1 < width ? a + 4 : a;
      const down = top + 1 < height ? width * 4 : 0;
      const to = (y * width + x) * 4;
      for (let c = 0; c < 4; c++) {
        const above = data[a + c]! * (1 - right) + data[b + c]! * right;
        const below = data[a + down + c]! * (1 - right) + data[b + down + c]! * right;
        out[to + c] = above * (1 - bottom) + below * bottom;
      }
    }
    paint?.(out, y);
  }
  return { width, height, data: out };
}

/** Paints one row of the output, in place. */
function painter(blend: BlendMap, { width, height }: Picture): (out: Uint8ClampedArray, y: number) => void {
  const [, , imageHeight, imageWidth] = expectShape(blend.image, [1, 3, "H", "W"], "blend image").dims;
  const shares = { height: blend.height, width: blend.width, data: blend.weights };
  const weights = new CellRows(shares, 1, { width, height }, "blend weights");
  const plane = imageHeight * imageWidth;
  const interleaved = new Float32Array(plane * 3);
  for (let i = 0; i < plane; i++)
    for (let c = 0; c < 3; c++) interleaved[3 * i + c] = blend.image.data[c * plane + i]! * 255;
  const colours = new CellRows({ height: imageHeight, width: imageWidth, data: interleaved }, 3, { width, height });
  return (out, y) => {
    const weight = weights.at(y);
    if (weight.every((share) => share < 1 / 512)) return; // less than half a grey level
    const colour = colours.at(y);
    for (let x = 0; x < width; x++) {
      const share = weight[x]!;
      if (share < 1 / 512) continue;
      const to = (y * width + x) * 4;
      for (let c = 0; c < 3; c++) out[to + c] = out[to + c]! * (1 - share) + colour[3 * x + c]! * share;
      out[to + 3] = out[to + 3]! * (1 - share) + 255 * share;
    }
  };
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
