import { type Tensor, zeros } from "@bunraku/backends";
import type { Size } from "../resize/resize-bilinear.ts";
import { type Crop, centreCrop, expectCrop, expectPicture, type Picture } from "./picture.ts";
import { resampling, type Taps } from "./resampling.ts";

/** `[1, 3, H, W]`, RGB in [0, 1]. */
export type Image = Tensor<"float32", readonly [1, 3, number, number]>;

/**
 * Makes a function that crops and resizes pictures of one size to the image a network reads.
 *
 * The resize is what the authors' demo does (scikit-image 0.19 `resize`): a gaussian of sigma (r - 1)/2 per axis that
 * shrinks by r, mirrored at the border without repeating it, then linear interpolation at half-pixel centres. Both are
 * linear, so they become one set of weights per axis, made once and used for every frame.
 *
 * @param crop The part to read. @default the largest centred rectangle of the output's aspect
 * @returns A function: picture → `[1, 3, height, width]`, RGB in [0, 1], owned by the caller. Alpha is ignored.
 * @see spec 4.1
 */
export function createPictureResizer(
  from: { readonly width: number; readonly height: number },
  to: Size,
  crop: Crop = centreCrop(from, to.width / to.height),
): (picture: Picture) => Image {
  expectCrop(crop, from, "crop");
  const columns = resampling(crop.width, to.width);
  const rows = resampling(crop.height, to.height);
  const narrow = new Float32Array(crop.height * to.width * 3); // resized along x, rows as they were

  return (picture) => {
    expectPicture(picture, "picture");
    if (picture.width !== from.width || picture.height !== from.height) {
      expectCrop(crop, picture, "crop");
    }
    narrowRows(picture, crop, columns, narrow);
    const out = zeros([1, 3, to.height, to.width]);
    const plane = to.height * to.width;
    for (let y = 0; y < to.height; y++) {
      const { first, weights } = rows[y]!;
      for (let x = 0; x < to.width; x++) {
        let red = 0;
        let green = 0;
        let blue = 0;
        for (let i = 0; i < weights.length; i++) {
          const weight = weights[i]!;
          const at = ((first + i) * to.width + x) * 3;
          red += weight * narrow[at]!;
          green += weight * narrow[at + 1]!;
          blue += weight * narrow[at + 2]!;
        }
        out.data[y * to.width + x] = red;
        out.data[plane + y * to.width + x] = green;
        out.data[2 * plane + y * to.width + x] = blue;
      }
    }
    return out;
  };
}

function narrowRows(picture: Picture, crop: Crop, columns: readonly Taps[], narrow: Float32Array): void {
  const { data } = picture;
  for (let y = 0; y < crop.height; y++) {
    const row = (crop.top + y) * picture.width + crop.left;
    for (let x = 0; x < columns.length; x++) {
      const { first, weights } = columns[x]!;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let i = 0; i < weights.length; i++) {
        const weight = weights[i]!;
        const at = (row + first + i) * 4;
        red += weight * data[at]!;
        green += weight * data[at + 1]!;
        blue += weight * data[at + 2]!;
      }
      const to = (y * columns.length + x) * 3;
      narrow[to] = red / 255;
      narrow[to + 1] = green / 255;
      narrow[to + 2] = blue / 255;
    }
  }
}
