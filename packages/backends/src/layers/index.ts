export { batchNorm, relu } from "./batch-norm.onnx.ts";
export { downBlock, resBlock, sameBlock, scale, softmax, upBlock } from "./blocks.onnx.ts";
export { type ConvOptions, conv } from "./conv.onnx.ts";
export { decoder, encoder, featuresAt, type HourglassConfig, hourglass, hourglassChannels } from "./hourglass.onnx.ts";
export {
  blockSpecs,
  convSpecs,
  decoderSpecs,
  encoderSpecs,
  hourglassSpecs,
  levelChannels,
  normSpecs,
  resSpecs,
  type TensorSpec,
  withDepth,
} from "./tensor-specs.ts";
export { scoped, weightOf, withoutDepth } from "./weight-of.ts";
