export type { LandmarkCoordinates } from "./coordinates/landmark-coordinates.ts";
export { type FitOptions, fitJacobians } from "./jacobians/fit-jacobians.ts";
export type { NeighbourhoodOptions } from "./jacobians/neighbourhoods.ts";
export { type LandmarkKeypointsOptions, landmarkKeypoints } from "./landmark-keypoints.ts";
export type { LandmarkLayout } from "./layouts/landmark-layout.ts";
export { type LandmarkLayoutName, landmarkLayouts } from "./layouts/landmark-layouts.ts";
export { type FillOptions, fillMissing } from "./missing/fill-missing.ts";
export type { PersonChoice } from "./readers/choose-person.ts";
export { type AlphaPoseFrame, type AlphaPoseOptions, readAlphaPose } from "./readers/read-alpha-pose.ts";
export {
  type LandmarkOptions,
  type LandmarkPoint,
  type LandmarkValues,
  readLandmarks,
} from "./readers/read-landmarks.ts";
export { type OpenPoseOptions, readOpenPose } from "./readers/read-open-pose.ts";
export type { ReadOptions } from "./readers/read-points.ts";
export { selectKeypoints } from "./select/select-keypoints.ts";
