export { coordinatesOnnx } from "./coordinates/coordinates.onnx.ts";
export { fommDetectorGraph, fommDetectorOnnx } from "./fomm/detector.onnx.ts";
export { gaussianHeatmapsOnnx } from "./gaussian-heatmaps/gaussian-heatmaps.onnx.ts";
export { heatmapsOnnx, poolJacobiansOnnx, softArgmaxOnnx } from "./soft-argmax/soft-argmax.onnx.ts";
