import { type Tensor, zeros } from "@bunraku/backends";
import type { Size } from "../resize/resize-bilinear.ts";
import { type Crop, centreCrop, expectCrop, expectPicture, type Picture } from "./picture.ts";
import { resampling } from "./resampling.ts";

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
  const read = crop.width === to.width && crop.height === to.height ? copier(crop) : mixer(crop, to);
  return (picture) => {
    expectPicture(picture, "picture");
    if (picture.width !== from.width || picture.height !== from.height) {
      expectCrop(crop, picture, "crop");
    }
    const out = zeros([1, 3, to.height, to.width]);
    read(picture, out.data);
    return out;
  };
}

/** Writes the crop of a picture into planes. */
type Read = (picture: Picture, out: Float32Array) => void;

/** The same size: each byte is one number. */
function copier({ left, top, width, height }: Crop): Read {
  const shares = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
  const plane = height * width;
  return ({ data, width: stride }, out) => {
    for (let y = 0; y < height; y++) {
      let from = 4 * ((top + y) * stride + left);
      const end = (y + 1) * width;
      for (let to = y * width; to < end; to++, from += 4) {
        out[to] = shares[data[from]!]!;
        out[plane + to] = shares[data[from + 1]!]!;
        out[2 * plane + to] = shares[data[from + 2]!]!;
      }
    }
  };
}

/** Along x first, row by row, then along y. */
function mixer(crop: Crop, to: Size): Read {
  const columns = axisOf(crop.width, to.width);
  const rows = axisOf(crop.height, to.height);
  const narrow = new Float32Array(crop.height * to.width * 3); // resized along x, rows as they were
  return (picture, out) => {
    narrowRows(picture, crop, columns, narrow);
    mixRows(narrow, rows, to, out);
  };
}

/** What each output position of an axis mixes, in arrays that loops read fast: position i from `starts[i]` on. */
interface Axis {
  readonly first: Int32Array;
  /** Where the weights of a position begin, and behind the last one, where they end. */
  readonly starts: Int32Array;
  readonly weights: Float64Array;
}

function axisOf(from: number, to: number): Axis {
  const taps = resampling(from, to);
  const starts = new Int32Array(to + 1);
  for (let i = 0; i < to; i++) starts[i + 1] = starts[i]! + taps[i]!.weights.length;
  const weights = new Float64Array(starts[to]!);
  for (let i = 0; i < to; i++) weights.set(taps[i]!.weights, starts[i]!);
  return { first: Int32Array.from(taps, ({ first }) => first), starts, weights };
}

function narrowRows(picture: Picture, crop: Crop, { first, starts, weights }: Axis, narrow: Float32Array): void {
  const { data } = picture;
  const width = first.length;
  let to = 0;
  for (let y = 0; y < crop.height; y++) {
    const row = (crop.top + y) * picture.width + crop.left;
    for (let x = 0; x < width; x++, to += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let at = 4 * (row + first[x]!);
      const end = starts[x + 1]!;
      for (let i = starts[x]!; i < end; i++, at += 4) {
        const weight = weights[i]!;
        red += weight * data[at]!;
        green += weight * data[at + 1]!;
        blue += weight * data[at + 2]!;
      }
      narrow[to] = red / 255;
      narrow[to + 1] = green / 255;
      narrow[to + 2] = blue / 255;
    }
  }
}

function mixRows(narrow: Float32Array, { first, starts, weights }: Axis, { height, width }: Size, out: Float32Array) {
  const plane = height * width;
  const stride = 3 * width;
  for (let y = 0; y < height; y++) {
    const begin = starts[y]!;
    const end = starts[y + 1]!;
    const top = first[y]! * stride;
    for (let x = 0; x < width; x++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let at = top + 3 * x;
      for (let i = begin; i < end; i++, at += stride) {
        const weight = weights[i]!;
        red += weight * narrow[at]!;
        green += weight * narrow[at + 1]!;
        blue += weight * narrow[at + 2]!;
      }
      const to = y * width + x;
      out[to] = red;
      out[plane + to] = green;
      out[2 * plane + to] = blue;
    }
  }
}
