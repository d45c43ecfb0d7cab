import { BunrakuError, tensor } from "@bunraku/backends";
import type { Keypoints } from "../../keypoints.ts";
import { fitAffine } from "../jacobians/fit-affine.ts";
import { expectSameLayout, type FitOptions, ridgeOf } from "../jacobians/fit-jacobians.ts";
import { neighbourhoods } from "../jacobians/neighbourhoods.ts";

export interface FillOptions extends FitOptions {
  /**
   * What stands in for a point that was not found:
   * - `fit`: where the points around it have gone since `from`, the reference frame (a local affine fit);
   * - `hold`: its place in `from`, the frame before;
   * - `drop`: nothing. It gets its place in `from` and keeps the confidence 0: no motion, and no say in any.
   * @default "fit"
   */
  readonly missing?: "fit" | "hold" | "drop";
  /**
   * The most that a filled point counts. Less lets it fade, but then all that follows it moves a little whenever a point
   * is lost or found. @default 1, which is what it counted in `from`
   */
  readonly confidence?: number;
}

/**
 * Keypoints without gaps: points with confidence 0 get a place from another frame.
 *
 * A point that `from` does not have either, or that has no neighbour left to go by, keeps the confidence 0, at its place
 * in `from`. Jacobians and covariances are left out: they belong to the points that were found.
 *
 * @param keypoints Borrowed. Without confidences all points count as found.
 * @param from The reference frame, or the frame before, by `missing`. Borrowed.
 * @returns New keypoints, owned by the caller, with confidences.
 * @throws `MOTION`, `OPTION`, `SHAPE`
 */
export function fillMissing(keypoints: Keypoints, from: Keypoints, options: FillOptions = {}): Keypoints {
  const { missing = "fit", confidence = 1 } = options;
  if (!["fit", "hold", "drop"].includes(missing)) {
    throw new BunrakuError("OPTION", `fillMissing: missing must be fit, hold or drop, got ${JSON.stringify(missing)}.`);
  }
  if (!(confidence > 0 && confidence <= 1)) {
    throw new BunrakuError(
      "OPTION",
      `fillMissing: confidence must be greater than 0 and at most 1, got ${confidence}.`,
    );
  }
  const ridge = ridgeOf(options, "fillMissing");
  expectSameLayout(from, keypoints, "fillMissing");
  const count = keypoints.points.dims[0];
  const points = keypoints.points.data.slice();
  const confidences = keypoints.confidences?.data.slice() ?? new Float32Array(count).fill(1);
  const weights = new Float64Array(count);
  let near: Float64Array | undefined;
  for (let k = 0; k < count; k++) {
    if ((keypoints.confidences?.data[k] ?? 1) > 0) continue;
    const known = from.confidences?.data[k] ?? 1;
    const [x, y] = [from.points.data[2 * k]!, from.points.data[2 * k + 1]!];
    points.set([x, y], 2 * k);
    confidences[k] = 0;
    if (missing === "drop" || known === 0) continue;
    if (missing === "fit") {
      near ??= neighbourhoods(from, options, "fillMissing");
      for (let j = 0; j < count; j++) weights[j] = near[k * count + j]! * (keypoints.confidences?.data[j] ?? 1);
      const fit = fitAffine(from.points.data, keypoints.points.data, weights, { ridge });
      if (!fit) continue;
      const [dx, dy] = [x - fit.from[0], y - fit.from[1]];
      points[2 * k] = fit.to[0] + fit.matrix[0] * dx + fit.matrix[1] * dy;
      points[2 * k + 1] = fit.to[1] + fit.matrix[2] * dx + fit.matrix[3] * dy;
    }
    confidences[k] = Math.min(confidence, known);
  }
  return { points: tensor("float32", points, [count, 2]), confidences: tensor("float32", confidences, [count]) };
}
