import { BunrakuError } from "@bunraku/backends";
import type { Picture } from "@bunraku/warp";
import type { Face } from "../detector/face.ts";
import type { DetectOptions, FaceDetector } from "../detector/face-detector.ts";
import type { FoundCrop } from "./find-portrait-crop.ts";
import { cropWithoutFace, fitCrop, type PictureSize } from "./fit-crop.ts";
import { followFace } from "./follow-face.ts";
import { framingOfAll } from "./framing-of-all.ts";
import { checkedOptions, type PortraitCropOptions } from "./portrait-crop.ts";

export interface VideoCropOptions extends PortraitCropOptions, DetectOptions {
  /** Looks at the first frame and at each `every`-th after it. @default 10 */
  readonly every?: number;
}

/**
 * One fixed crop for a clip, so that the head moves and the camera does not.
 *
 * Follows the largest and surest face of the first frame that has one: the crop has the median place and size of that
 * face's crops, grown where the moving head would leave it. Without a face in any frame, as `findPortraitCrop` does.
 *
 * Reads all of `frames` and keeps none; pass a part of a long video.
 *
 * @param detector Borrowed.
 * @param frames Pictures of one size. Borrowed.
 * @returns The crop, and the face where it was first seen.
 * @throws `OPTION` (also when there is no frame), `SHAPE`, `signal.reason`
 * @example const { crop } = await findVideoCrop(detector, video.frames({ duration: 10 }));
 */
export async function findVideoCrop(
  detector: Pick<FaceDetector, "detect">,
  frames: Iterable<Picture> | AsyncIterable<Picture>,
  options: VideoCropOptions = {},
): Promise<FoundCrop> {
  const { aspect, margin } = checkedOptions(options);
  const { every = 10 } = options;
  if (!Number.isInteger(every) || every < 1) {
    throw new BunrakuError("OPTION", `video crop: every must be a whole number of at least 1, got ${every}.`);
  }
  let size: PictureSize | undefined;
  let index = 0;
  const seen: Face[] = [];
  for await (const frame of frames) {
    if (index++ % every !== 0) continue;
    size ??= { width: frame.width, height: frame.height };
    if (frame.width !== size.width || frame.height !== size.height) {
      throw new BunrakuError(
        "SHAPE",
        `video crop: frames must be ${size.width} × ${size.height} as the first, got ${frame.width} × ${frame.height}.`,
      );
    }
    const faces = await detector.detect(frame, options);
    const before = seen.at(-1);
    const face = before ? followFace(before, faces) : faces[0];
    if (face) seen.push(face);
  }
  if (!size) throw new BunrakuError("OPTION", "video crop: expected at least one frame, got none.");
  const [first] = seen;
  if (!first) return { crop: cropWithoutFace(size, aspect) };
  return { crop: fitCrop(framingOfAll(seen, margin), size, aspect), face: first };
}
