import type { Warning } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import { hullArea, smallestHull } from "./hull-area.ts";

/** How much larger the source's hull is than the driver's, in length; 1 with a warning when either has no area (spec 7.5). */
export function movementScale(source: Keypoints, initial: Keypoints, warnings: Warning[]): number {
  const [wanted, from] = [hullArea(source.points), hullArea(initial.points)];
  if (wanted >= smallestHull && from >= smallestHull) return Math.sqrt(wanted) / Math.sqrt(from);
  const message = "The keypoints of the source or of the first driving frame lie on a line, so movement is not scaled.";
  warnings.push({ type: "hull-degenerate", message });
  return 1;
}
