import type { Keypoints } from "@bunraku/keypoints";
import type { DialedMotion, DialOptions, TransferredMotion } from "@bunraku/motion";

/** Whether anything is turned. `dialMotion` gives the motion as it is where nothing is. */
export function isDialed({ order, gain, freeze, limit }: DialOptions): boolean {
  return [order, gain, freeze, limit].some((turned) => turned !== undefined);
}

/**
 * `dialMotion` for applications that fetch their code: it, and the thin-plate spline, are imported when something is turned.
 *
 * @throws as `dialMotion` does
 */
export async function dial(source: Keypoints, motion: TransferredMotion, options: DialOptions): Promise<DialedMotion> {
  const { dialMotion } = await import("./dial-motion.ts");
  return dialMotion(source, motion, options);
}
