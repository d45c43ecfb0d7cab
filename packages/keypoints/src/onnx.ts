export { coordinatesOnnx } from "./coordinates/coordinates.onnx.ts";
export { heatmapMomentsOnnx, heatmapMomentsPieceOnnx } from "./covariances/heatmap-moments.onnx.ts";
export { fommDetectorGraph, fommDetectorOnnx } from "./fomm/detector.onnx.ts";
export { type GaussianWidth, gaussianHeatmapsOnnx } from "./gaussian-heatmaps/gaussian-heatmaps.onnx.ts";
export { monkeyNetDetectorGraph } from "./monkey-net/detector.onnx.ts";
export {
  heatmapsOnnx,
  poolJacobiansOnnx,
  type SoftArgmaxValues,
  softArgmaxOnnx,
  softArgmaxPieceOnnx,
} from "./soft-argmax/soft-argmax.onnx.ts";
