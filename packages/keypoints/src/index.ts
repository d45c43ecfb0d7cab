export { type FommDetectorConfig, fommDetectorSpecs } from "./fomm/detector-config.ts";
export { createFommDetector, type KeypointDetector } from "./fomm/fomm-detector.ts";
export { gaussianHeatmaps } from "./gaussian-heatmaps/gaussian-heatmaps.ts";
export { copyKeypoints, disposeKeypoints, expectFinite, type Keypoints } from "./keypoints.ts";
export { heatmapsOf, poolJacobians, softArgmax } from "./soft-argmax/soft-argmax.ts";
