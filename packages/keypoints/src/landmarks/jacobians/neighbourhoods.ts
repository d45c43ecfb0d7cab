import { BunrakuError } from "@bunraku/backends";
import type { Keypoints } from "../../keypoints.ts";

export interface NeighbourhoodOptions {
  /**
   * How far a neighbourhood reaches: each point is weighted by exp(-distance² / (2 sigma²)), where sigma is the distance
   * of the n-th nearest point that was found. More is smoother and steadier, less follows small parts. @default 12
   */
  readonly neighbours?: number;
  /** One sigma for all points instead, in coordinates (the picture is 2 wide). */
  readonly sigma?: number;
}

/**
 * How much each point of a reference frame says about each other one: `[K, K]`, row k around point k, 0 for points that
 * were not found.
 *
 * @throws `OPTION`
 */
export function neighbourhoods(reference: Keypoints, options: NeighbourhoodOptions, who: string): Float64Array {
  const { neighbours = 12, sigma } = options;
  if (!Number.isInteger(neighbours) || neighbours < 1) {
    throw new BunrakuError("OPTION", `${who}: neighbours must be a whole number of at least 1, got ${neighbours}.`);
  }
  if (sigma !== undefined && !(sigma > 0 && sigma < Infinity)) {
    throw new BunrakuError("OPTION", `${who}: sigma must be greater than 0, got ${sigma}.`);
  }
  const { data } = reference.points;
  const confidences = reference.confidences?.data;
  const count = data.length / 2;
  const weights = new Float64Array(count * count);
  const squares = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const row = weights.subarray(k * count, (k + 1) * count);
    let others = 0;
    for (let j = 0; j < count; j++) {
      const dx = data[2 * j]! - data[2 * k]!;
      const dy = data[2 * j + 1]! - data[2 * k + 1]!;
      row[j] = dx * dx + dy * dy;
      if (j !== k && (confidences?.[j] ?? 1) > 0) squares[others++] = row[j]!;
    }
    const nearest = squares.subarray(0, others).sort();
    const variance = sigma === undefined ? (nearest[Math.min(neighbours, others) - 1] ?? 0) : sigma * sigma;
    for (let j = 0; j < count; j++) {
      const confidence = confidences?.[j] ?? 1;
      // All neighbours in one place: each counts alike.
      row[j] = confidence * (variance > 0 ? Math.exp(-row[j]! / (2 * variance)) : row[j] === 0 ? 1 : 0);
    }
  }
  return weights;
}
