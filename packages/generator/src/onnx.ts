export { type DecoderMotion, fommDecoderGraph, fommDecoderOnnx } from "./fomm/decoder.onnx.ts";
export { deformOnnx } from "./fomm/deform.onnx.ts";
export { fommEncoderOnnx } from "./fomm/encoder.onnx.ts";
export { occludeOnnx } from "./occlude/occlude.onnx.ts";
