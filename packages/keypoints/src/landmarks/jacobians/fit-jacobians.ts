import { BunrakuError, expectShape, tensor } from "@bunraku/backends";
import { expectFinite, type Keypoints } from "../../keypoints.ts";
import { identity2 } from "../../matrix2/matrix2.ts";
import { fitAffine } from "./fit-affine.ts";
import { type NeighbourhoodOptions, neighbourhoods } from "./neighbourhoods.ts";

export interface FitOptions extends NeighbourhoodOptions {
  /**
   * How flat a neighbourhood may be, as the ratio of its variances across and along, before the fit is drawn to a
   * similarity: 0.01 is a spread of 1 : 10. @default 0.01
   */
  readonly ridge?: number;
}

/**
 * How the surroundings of each keypoint are turned, scaled and sheared since a reference frame: landmarks have no
 * jacobians of their own, so they are fitted to the neighbours.
 *
 * Around keypoint k, point_j ≈ point_k + J_k (reference_j - reference_k), by least squares, each neighbour weighted by its
 * distance in the reference frame and by its confidence in both. An affine motion gives its matrix at every keypoint; the
 * reference frame itself gives identities. Too few neighbours, or neighbours on a line, give what they do determine: a
 * similarity, a single neighbour's turn and scale, or the identity. A keypoint that was not found gets the fit of the
 * others around its place in the reference.
 *
 * Convention: row-major [[xx, xy], [yx, yy]], from the reference frame to this one, as a detector's jacobians lead from its
 * abstract reference frame: `transferMotion` takes them as they are, when source, driving and initial have theirs.
 *
 * @param reference The same landmarks in another frame: the first driving frame, or the source. Borrowed.
 * @param keypoints The landmarks of this frame. Borrowed.
 * @returns `[K, 2, 2]`, owned by the caller.
 * @throws `MOTION`, `OPTION`, `SHAPE`
 */
export function fitJacobians(
  reference: Keypoints,
  keypoints: Keypoints,
  options: FitOptions = {},
): NonNullable<Keypoints["jacobians"]> {
  expectSameLayout(reference, keypoints, "fitJacobians");
  return createJacobianFitter(reference, options, "fitJacobians")(keypoints);
}

/** `fitJacobians` for many frames against one reference, whose neighbourhoods are found once. */
export function createJacobianFitter(
  reference: Keypoints,
  options: FitOptions,
  who: string,
): (keypoints: Keypoints) => NonNullable<Keypoints["jacobians"]> {
  const ridge = ridgeOf(options, who);
  const near = neighbourhoods(reference, options, who);
  const count = reference.points.dims[0];
  const weights = new Float64Array(count);
  return ({ points, confidences }) => {
    const out = new Float32Array(4 * count);
    for (let k = 0; k < count; k++) {
      for (let j = 0; j < count; j++) weights[j] = near[k * count + j]! * (confidences?.data[j] ?? 1);
      const found = (reference.confidences?.data[k] ?? 1) * (confidences?.data[k] ?? 1) > 0;
      const fit = fitAffine(reference.points.data, points.data, weights, { anchor: found ? k : undefined, ridge });
      out.set(fit?.matrix ?? identity2, 4 * k);
    }
    return tensor("float32", out, [count, 2, 2]);
  };
}

/** @throws `OPTION` */
export function ridgeOf({ ridge = 0.01 }: FitOptions, who: string): number {
  if (ridge > 0 && ridge <= 1) return ridge;
  throw new BunrakuError("OPTION", `${who}: ridge must be greater than 0 and at most 1, got ${ridge}.`);
}

/** @throws `SHAPE` when the two have other numbers of keypoints; `MOTION` when one is not finite. */
export function expectSameLayout(reference: Keypoints, keypoints: Keypoints, who: string): void {
  const [count] = expectShape(reference.points, ["K", 2], `${who} reference`).dims;
  expectShape(keypoints.points, [count, 2], `${who} keypoints`);
  if (reference.confidences) expectShape(reference.confidences, [count], `${who} confidences of the reference`);
  if (keypoints.confidences) expectShape(keypoints.confidences, [count], `${who} confidences`);
  expectFinite(reference, `${who} reference`);
  expectFinite(keypoints, `${who} keypoints`);
}
