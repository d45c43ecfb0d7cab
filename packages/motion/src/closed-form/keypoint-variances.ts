import { BunrakuError } from "@bunraku/backends";

// Nearer, and parts of a face come apart; farther, and a mouth does not open: seen on faces of 5 and of 70 points.
const rank = 4;
/** Standard deviations are between these, in coordinates: two pixels of 256, and about a sixth of the picture. */
const least = 1 / 64;
const most = 0.35;

/**
 * The variance of each keypoint's gaussian: as given, or (`nearest`) the distance of its fourth nearest keypoint, squared.
 *
 * @param strengths Keypoints of strength 0 are nobody's neighbours.
 * @throws `SHAPE`, `OPTION`
 */
export function variancesOf(
  variance: number | ArrayLike<number> | "nearest",
  points: Float32Array,
  strengths: Float64Array,
): Float64Array {
  const count = strengths.length;
  if (variance === "nearest") return nearestVariances(points, strengths);
  const each = typeof variance === "number" ? new Float64Array(count).fill(variance) : variance;
  if (typeof each !== "object" || each.length !== count) {
    throw new BunrakuError(
      "OPTION",
      `closedFormMasks: variance must be a number, one for each of ${count} keypoints, or "nearest", got ${typeof each === "object" ? each.length : JSON.stringify(each)}.`,
    );
  }
  for (let k = 0; k < count; k++) {
    if (!(each[k]! > 0 && each[k]! < Infinity)) {
      throw new BunrakuError("OPTION", `closedFormMasks: a variance must be greater than 0, got ${each[k]}.`);
    }
  }
  return Float64Array.from(each);
}

function nearestVariances(points: Float32Array, strengths: Float64Array): Float64Array {
  const count = strengths.length;
  const distances = new Float64Array(count);
  return Float64Array.from({ length: count }, (_, k) => {
    let others = 0;
    for (let j = 0; j < count; j++) {
      if (j === k || strengths[j] === 0) continue;
      distances[others++] = Math.hypot(points[2 * j]! - points[2 * k]!, points[2 * j + 1]! - points[2 * k + 1]!);
    }
    const nearest = distances.subarray(0, others).sort();
    const distance = nearest[Math.min(rank, others) - 1] ?? most;
    return Math.min(Math.max(distance, least), most) ** 2;
  });
}
