import type { Keypoints } from "@bunraku/keypoints";
import { landmarkKeypoints } from "@bunraku/keypoints/landmarks";
import { closedFormDenseMotion, transferMotion } from "@bunraku/motion";
import { displacementOf, type Picture, warpPicture } from "@bunraku/warp";

/** 64 × 64 cells carry the motion of a face, as in the first-order model; the picture is warped at its own size. */
const cells = { height: 64, width: 64 };

/**
 * The portrait in each frame of the driver: its landmarks take the steps that the driver's have taken since the first
 * frame, and the pixels follow the landmarks.
 *
 * @param landmarks where the portrait's landmarks are
 * @param driver the same landmarks on each frame of the driver
 */
export function* movePortrait(
  portrait: Picture,
  landmarks: Keypoints,
  driver: readonly Keypoints[],
): Generator<Picture> {
  const [source] = landmarkKeypoints([landmarks]);
  const frames = landmarkKeypoints(driver); // gaps filled, jacobians fitted
  for (const frame of frames) {
    const { keypoints, jacobians } = transferMotion(source!, frame, frames[0]!, { adaptScale: true });
    const { flow } = closedFormDenseMotion(source!, keypoints, jacobians, cells);
    yield warpPicture(portrait, displacementOf(flow, { alignCorners: true }));
  }
}
