export { type FommDetectorConfig, fommDetectorSpecs } from "./fomm/detector-config.ts";
export { createFommDetector, type KeypointDetector } from "./fomm/fomm-detector.ts";
export { gaussianHeatmaps } from "./gaussian-heatmaps/gaussian-heatmaps.ts";
export { copyKeypoints, disposeKeypoints, expectFinite, type Keypoints } from "./keypoints.ts";
export { determinant2, identity2, inverse2, type Matrix2, matrixAt, multiply2 } from "./matrix2/matrix2.ts";
export { heatmapsOf, poolJacobians, softArgmax } from "./soft-argmax/soft-argmax.ts";
