import type { Architecture } from "./architecture.ts";

/**
 * Whether plans are for a model's detector, too: clipping a covariance makes a thousand times more of rounding (spec,
 * appendix G), so detectors that do it stay as they are.
 */
export function plansDetector({ clipVariance }: Pick<Architecture, "clipVariance">): boolean {
  return clipVariance === undefined;
}
