export { clipCovariances } from "./covariances/clip-covariances.ts";
export { type HeatmapMoments, heatmapMoments } from "./covariances/heatmap-moments.ts";
export { precisionsOf } from "./covariances/precisions-of.ts";
export { type FommDetectorConfig, fommDetectorSpecs } from "./fomm/detector-config.ts";
export { createFommDetector } from "./fomm/fomm-detector.ts";
export { type GaussianOptions, gaussianHeatmaps } from "./gaussian-heatmaps/gaussian-heatmaps.ts";
export type { KeypointDetector } from "./keypoint-detector.ts";
export { copyKeypoints, disposeKeypoints, expectFinite, type Keypoints } from "./keypoints.ts";
export { determinant2, identity2, inverse2, type Matrix2, matrixAt, multiply2 } from "./matrix2/matrix2.ts";
export {
  type KeypointVariance,
  type MonkeyNetDetectorConfig,
  monkeyNetDetectorSpecs,
} from "./monkey-net/detector-config.ts";
export { createMonkeyNetDetector } from "./monkey-net/monkey-net-detector.ts";
export { heatmapsOf, poolJacobians, softArgmax } from "./soft-argmax/soft-argmax.ts";
