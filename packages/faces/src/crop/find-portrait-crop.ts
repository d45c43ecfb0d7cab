import type { Crop, Picture } from "@bunraku/warp";
import type { Face } from "../detector/face.ts";
import type { DetectOptions, FaceDetector } from "../detector/face-detector.ts";
import { cropWithoutFace } from "./fit-crop.ts";
import { checkedOptions, type PortraitCropOptions, portraitCrop } from "./portrait-crop.ts";

export interface FoundCrop {
  readonly crop: Crop;
  /** The face that it frames; absent when none was found. */
  readonly face?: Face;
}

/**
 * The crop of a picture around its largest and surest face.
 *
 * Without a face, the largest rectangle of the aspect: in the middle of a wide picture, a third of the way down the
 * spare height of a tall one, because heads are at the top.
 *
 * @param detector Borrowed.
 * @throws `OPTION`, `SHAPE`, `signal.reason`
 * @example const { crop } = await findPortraitCrop(detector, picture);
 */
export async function findPortraitCrop(
  detector: Pick<FaceDetector, "detect">,
  picture: Picture,
  options: PortraitCropOptions & DetectOptions = {},
): Promise<FoundCrop> {
  const { aspect, margin } = checkedOptions(options);
  const [face] = await detector.detect(picture, options);
  if (!face) return { crop: cropWithoutFace(picture, aspect) };
  return { crop: portraitCrop(face, picture, { aspect, margin }), face };
}
