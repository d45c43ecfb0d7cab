import { tensor } from "@bunraku/backends";
import type { Keypoints } from "../../keypoints.ts";
import { type FillOptions, fillMissing } from "./fill-missing.ts";

/**
 * A sequence without gaps: where a point was lost it is put where its neighbours have gone since the last frame that
 * shows it, and will come from until the next one, from the one fading into the other. So it neither jumps when it is
 * lost nor when it is found. Frames in which nobody was found lie between those around them.
 *
 * @param rest Stands in for points that no frame shows.
 */
export function bridgeGaps(frames: readonly Keypoints[], rest: Keypoints, options: FillOptions): Keypoints[] {
  const count = rest.points.dims[0];
  const { confidence: most = 1 } = options;
  const next = nextSightings(frames, count);
  const last = new Int32Array(count).fill(-1);
  return frames.map((frame, t) => {
    const out = fillMissing(frame, rest, { ...options, missing: "drop" });
    const { points, confidences } = { points: out.points.data, confidences: out.confidences!.data };
    const fills = new Map<number, Keypoints>();
    const fillFrom = (index: number): Keypoints => {
      const known = fills.get(index);
      if (known) return known;
      const fill = fillMissing(frame, frames[index] ?? rest, { ...options, missing: "fit" });
      fills.set(index, fill);
      return fill;
    };
    for (let k = 0; k < count; k++) {
      if (seen(frame, k)) {
        last[k] = t;
        continue;
      }
      const [before, after] = [last[k]!, next[t * count + k]!];
      const sides = before < 0 && after < 0 ? [-1] : [before, after].filter((index) => index >= 0);
      const shares = sides.length === 1 ? [1] : [(after - t) / (after - before), (t - before) / (after - before)];
      let [x, y, confidence, total] = [0, 0, 0, 0];
      for (const [side, index] of sides.entries()) {
        const fill = fillFrom(index);
        // Where no neighbour is in both frames, as when nobody was found in this one, it keeps the place that it had there.
        const certain = fill.confidences!.data[k]! || Math.min(confidenceOf(frames[index] ?? rest, k), most);
        if (certain === 0) continue;
        x += shares[side]! * fill.points.data[2 * k]!;
        y += shares[side]! * fill.points.data[2 * k + 1]!;
        confidence += shares[side]! * certain;
        total += shares[side]!;
      }
      if (total === 0) continue;
      points.set([x / total, y / total], 2 * k);
      confidences[k] = confidence / total;
    }
    return { points: tensor("float32", points, [count, 2]), confidences: tensor("float32", confidences, [count]) };
  });
}

/** The frame that shows each point next, from each frame on; -1 for none. `[T, K]` */
function nextSightings(frames: readonly Keypoints[], count: number): Int32Array {
  const out = new Int32Array(frames.length * count);
  const next = new Int32Array(count).fill(-1);
  for (let t = frames.length - 1; t >= 0; t--) {
    for (let k = 0; k < count; k++) if (seen(frames[t]!, k)) next[k] = t;
    out.set(next, t * count);
  }
  return out;
}

/** Whether point k was found. */
export function seen(keypoints: Keypoints, k: number): boolean {
  return confidenceOf(keypoints, k) > 0;
}

function confidenceOf({ confidences }: Keypoints, k: number): number {
  return confidences?.data[k] ?? 1;
}
