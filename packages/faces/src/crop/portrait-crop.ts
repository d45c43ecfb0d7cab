import { BunrakuError } from "@bunraku/backends";
import type { Crop } from "@bunraku/warp";
import type { Face } from "../detector/face.ts";
import { fitCrop, type PictureSize } from "./fit-crop.ts";
import { framingOf } from "./framing.ts";

export interface PortraitCropOptions {
  /** Width / height of the crop. @default 1 */
  readonly aspect?: number;
  /** Room added on each side, in shares of the side; negative for a closer crop. From −0.25 to 2. @default 0 */
  readonly margin?: number;
}

/**
 * The crop that frames a face as the default model's training material frames heads: the face box fills 0.48 of the
 * side, in the middle.
 *
 * It stays inside the picture: it shifts first and shrinks if the picture is too small. A picture that is framed so
 * already (the crop would be 0.75 of the largest centred one or more, and near its middle) is left at the largest
 * centred crop, unless that cuts the face. A face outside the picture is treated as if it stood at the edge.
 *
 * @param picture Size in pixels.
 * @returns Whole pixels, inside the picture.
 * @throws `OPTION`
 */
export function portraitCrop(face: Pick<Face, "box">, picture: PictureSize, options: PortraitCropOptions = {}): Crop {
  const { aspect, margin } = checkedOptions(options);
  return fitCrop(framingOf(face, margin), picture, aspect);
}

export function checkedOptions({ aspect = 1, margin = 0 }: PortraitCropOptions): Required<PortraitCropOptions> {
  if (!(aspect > 0 && aspect < Infinity)) {
    throw new BunrakuError("OPTION", `portrait crop: aspect must be a positive number, got ${aspect}.`);
  }
  if (!(margin >= -0.25 && margin <= 2)) {
    throw new BunrakuError("OPTION", `portrait crop: margin must be −0.25 to 2 of the side, got ${margin}.`);
  }
  return { aspect, margin };
}
