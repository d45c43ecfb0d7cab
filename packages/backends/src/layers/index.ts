export { batchNorm, relu } from "./batch-norm.onnx.ts";
export { downBlock, resBlock, sameBlock, scale, softmax, upBlock } from "./blocks.onnx.ts";
export { type ConvOptions, conv } from "./conv.onnx.ts";
export { featuresAt, type HourglassConfig, hourglass, hourglassChannels } from "./hourglass.onnx.ts";
export { blockSpecs, convSpecs, hourglassSpecs, normSpecs, resSpecs, type TensorSpec } from "./tensor-specs.ts";
export { scoped, weightOf } from "./weight-of.ts";
