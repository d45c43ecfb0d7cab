import { type Crop, centreCrop } from "@bunraku/warp";
import { type Framing, framedLikeTraining } from "./framing.ts";

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The rectangle of `aspect` around a framing's square, inside the picture and in whole pixels: it shifts before it
 * shrinks. The largest centred rectangle instead where the two are nearly the same.
 */
export function fitCrop(framing: Framing, picture: PictureSize, aspect: number): Crop {
  const { x, y, side } = framing;
  const full = centreCrop(picture, aspect);
  const height = Math.max(side, side / aspect); // the shorter side of the rectangle is the square's
  const shrink = Math.min(1, full.height / height);
  // Rounded once, so that a square is square; never above the largest rectangle of the aspect.
  const cropHeight = Math.max(1, Math.round(height * shrink));
  const cropWidth = Math.max(1, Math.min(full.width, Math.round(cropHeight * aspect)));
  const crop = {
    left: startInside(x, cropWidth, picture.width),
    top: startInside(y, cropHeight, picture.height),
    width: cropWidth,
    height: cropHeight,
  };
  return framedLikeTraining(crop, full, framing, picture) ? full : crop;
}

function startInside(middle: number, length: number, room: number): number {
  return Math.max(0, Math.min(room - length, Math.round(middle - length / 2)));
}

/**
 * The largest rectangle of `aspect` where a head is likely: in the middle of a wide picture, and a third of the way
 * down the spare height of a tall one, because heads are at the top.
 */
export function cropWithoutFace(picture: PictureSize, aspect: number): Crop {
  const crop = centreCrop(picture, aspect);
  return { ...crop, top: Math.floor((picture.height - crop.height) / 3) };
}
