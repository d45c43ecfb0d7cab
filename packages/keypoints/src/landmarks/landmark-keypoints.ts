import { copyKeypoints, type Keypoints } from "../keypoints.ts";
import { identity2 } from "../matrix2/matrix2.ts";
import { createJacobianFitter, expectSameLayout } from "./jacobians/fit-jacobians.ts";
import { bridgeGaps, seen } from "./missing/bridge-gaps.ts";
import { type FillOptions, fillMissing } from "./missing/fill-missing.ts";

export interface LandmarkKeypointsOptions extends FillOptions {
  /** The frame that jacobians lead from. @default the first frame in which anything was found */
  readonly reference?: Keypoints;
}

/**
 * Landmarks of a whole sequence, made ready for `transferMotion`: gaps filled, jacobians fitted.
 *
 * With `missing: "fit"` a lost point goes with its neighbours from where it was seen last to where it is seen next, and
 * jumps at neither end; the other ways are those of `fillMissing`.
 *
 * Points that the reference frame lacks get a place in it from the first frame that shows them, by the points around
 * them. So a point that turns up later does not jump. A point that no frame shows stays where it is, with confidence 0
 * and the identity as its jacobian: `transferMotion` takes it as standing still, `closedFormDenseMotion` leaves it out.
 *
 * For relative movement `landmarkKeypoints([source])` makes the source's, and `landmarkKeypoints(frames)` the driver's, of
 * which the first is `initial`. For absolute movement give both the source as their reference.
 *
 * @param frames Landmarks of one layout, in time order. Borrowed.
 * @returns As many keypoints as frames, with jacobians and confidences, owned by the caller.
 * @throws `MOTION`, `OPTION`, `SHAPE`
 */
export function landmarkKeypoints(frames: readonly Keypoints[], options: LandmarkKeypointsOptions = {}): Keypoints[] {
  const first = options.reference ?? frames.find(showsAnything) ?? frames[0];
  if (!first) return [];
  for (const [i, frame] of frames.entries()) expectSameLayout(first, frame, `landmarkKeypoints frame ${i}`);
  const rest = completed(first, frames, options);
  const fit = createJacobianFitter(rest, options, "landmarkKeypoints");
  return gapless(frames, rest, options).map((frame) => {
    const jacobians = fit(frame);
    const { data } = frame.confidences!;
    for (let k = 0; k < data.length; k++) if (data[k] === 0) jacobians.data.set(identity2, 4 * k);
    return { ...frame, jacobians };
  });
}

function gapless(frames: readonly Keypoints[], rest: Keypoints, options: LandmarkKeypointsOptions): Keypoints[] {
  const { missing = "fit" } = options;
  if (missing === "fit") return bridgeGaps(frames, rest, options);
  let before = rest;
  return frames.map((frame) => {
    const filled = fillMissing(frame, before, options);
    if (missing === "hold") before = filled;
    return filled;
  });
}

function showsAnything({ confidences }: Keypoints): boolean {
  return confidences?.data.some((confidence) => confidence > 0) ?? true;
}

/** The reference frame, with what other frames know of the points that it lacks. */
function completed(reference: Keypoints, frames: readonly Keypoints[], options: LandmarkKeypointsOptions): Keypoints {
  const { points, confidences } = copyKeypoints(reference);
  if (!confidences) return { points };
  let rest: Keypoints = { points, confidences };
  for (const frame of frames) {
    if (!confidences.data.includes(0)) break;
    if (![...rest.confidences!.data].some((confidence, k) => confidence === 0 && seen(frame, k))) continue;
    rest = fillMissing(rest, frame, { ...options, missing: "fit" });
  }
  return rest;
}
