export { blendWeightsOnnx } from "./blend/blend-weights.onnx.ts";
export { type DeformOptions, deformOnnx } from "./deform/deform.onnx.ts";
export { type DecoderMotion, fommDecoderGraph, fommDecoderOnnx } from "./fomm/decoder.onnx.ts";
export { fommEncoderOnnx } from "./fomm/encoder.onnx.ts";
export { type MonkeyNetFrame, monkeyNetDecoderOnnx } from "./monkey-net/decoder.onnx.ts";
export { monkeyNetEncoderOnnx } from "./monkey-net/encoder.onnx.ts";
export { occludeOnnx } from "./occlude/occlude.onnx.ts";
