import type { Keypoints } from "@bunraku/keypoints";
import type { LandmarkLayout } from "@bunraku/keypoints/landmarks";
import type { Picture } from "@bunraku/warp";

/** Landmarks as white lines on a dark square; what was not found is left out. */
export function drawLandmarks({ points, confidences }: Keypoints, layout: LandmarkLayout, side: number): Picture {
  const data = new Uint8ClampedArray(side * side * 4);
  for (let i = 0; i < data.length; i += 4) data.set([24, 24, 32, 255], i);
  const found = (k: number) => (confidences?.data[k] ?? 1) > 0;
  const pixel = (k: number, axis: 0 | 1) => ((points.data[2 * k + axis]! + 1) / 2) * (side - 1);
  for (const [from, to] of layout.edges) {
    if (!found(from) || !found(to)) continue;
    const steps = Math.ceil(Math.hypot(pixel(to, 0) - pixel(from, 0), pixel(to, 1) - pixel(from, 1))) + 1;
    for (let step = 0; step <= steps; step++) {
      const at = (axis: 0 | 1) =>
        Math.round(pixel(from, axis) + (step / steps) * (pixel(to, axis) - pixel(from, axis)));
      const [x, y] = [at(0), at(1)];
      for (const [u, v] of [
        [x, y],
        [x + 1, y],
        [x, y + 1],
      ] as const) {
        if (u >= 0 && v >= 0 && u < side && v < side) data.set([255, 255, 255, 255], 4 * (v * side + u));
      }
    }
  }
  return { width: side, height: side, data };
}
