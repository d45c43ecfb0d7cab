import type { Crop } from "@bunraku/warp";
import type { Face } from "../detector/face.ts";

/**
 * The square that frames a head, before it meets the picture's edges, in pixels.
 *
 * Measured with this detector on the training material of the default model: 12 portraits and the first frames of 5
 * clips, 256 × 256, as medians in shares of the frame's side:
 *
 * | face box | median | from | to |
 * | --- | --- | --- | --- |
 * | √(width · height) | 0.480 | 0.375 | 0.649 |
 * | height | 0.535 | 0.440 | 0.777 |
 * | width | 0.429 | 0.321 | 0.542 |
 * | centre, x | 0.527 | 0.379 | 0.694 |
 * | centre, y | 0.499 | 0.470 | 0.642 |
 *
 * √(width · height) varies least while one head moves (0.5 to 2.8 % of itself over a clip; the height 0.8 to 4 %). The
 * material is placed at random to the left and right alike, so the frame's middle is the face's.
 */
export interface Framing {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

const faceShare = 0.48;

/** @param margin Room added on each side, in shares of the frame's side. */
export function framingOf({ box }: Pick<Face, "box">, margin = 0): Framing {
  return {
    x: box.left + box.width / 2,
    y: box.top + box.height / 2,
    side: (Math.sqrt(box.width * box.height) / faceShare) * (1 + 2 * margin),
  };
}

// The smallest heads of the material would be framed 0.78 times as large; they shall stay as they are.
const nearlyFull = 0.75;
const nearlyCentred = 0.15;
// Half of the tallest face box of one framing (1.6 times as tall as wide: 0.61 of the side), and a little.
const faceReach = 0.325;

/** Whether `full` shows so nearly what `crop` shows that the picture is framed like the training material already. */
export function framedLikeTraining(
  crop: Crop,
  full: Crop,
  { x, y, side }: Framing,
  picture: { width: number; height: number },
): boolean {
  const offX = crop.left + crop.width / 2 - (full.left + full.width / 2);
  const offY = crop.top + crop.height / 2 - (full.top + full.height / 2);
  const reach = faceReach * side;
  return (
    crop.width >= nearlyFull * full.width &&
    crop.height >= nearlyFull * full.height &&
    Math.abs(offX) <= nearlyCentred * full.width &&
    Math.abs(offY) <= nearlyCentred * full.height &&
    // A face at the picture's edge is not cut: a crop can shift to it.
    full.left <= Math.max(0, x - reach) &&
    full.top <= Math.max(0, y - reach) &&
    full.left + full.width >= Math.min(picture.width, x + reach) &&
    full.top + full.height >= Math.min(picture.height, y + reach)
  );
}
