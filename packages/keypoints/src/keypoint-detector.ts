import type { RunOptions } from "@bunraku/backends";
import type { Image, Size } from "@bunraku/warp";
import type { Keypoints } from "./keypoints.ts";

/** Finds keypoints on pictures of one size. */
export interface KeypointDetector extends AsyncDisposable {
  readonly size: Size;
  /**
   * @param image `[1, 3, H, W]`, RGB in [0, 1]; borrowed
   * @returns Keypoints, owned by the caller
   * @throws `SHAPE`, `MOTION` when the network gives numbers that are not finite, `signal.reason`
   */
  detect(image: Image, options?: Pick<RunOptions, "signal">): Promise<Keypoints>;
}
