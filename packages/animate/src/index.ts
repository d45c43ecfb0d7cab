export { animate } from "./animate.ts";
export { animateMany, type SourceToMove } from "./animate-many.ts";
export type { AnimatedFrame, AnimateOptions } from "./animate-options.ts";
export { type AddVariantsOptions, addVariants, encodeHalf } from "./bundle/add-variants.ts";
export { type CheckpointBundleOptions, openCheckpoint } from "./bundle/checkpoint-bundle.ts";
export { type EncodeBundleOptions, encodeBundle } from "./bundle/encode-bundle.ts";
export type { Location } from "./bundle/fetch-bytes.ts";
export { type BundleFile, type Licences, type ModelManifest, parseManifest, type Variant } from "./bundle/manifest.ts";
export type { ModelBundle } from "./bundle/model-bundle.ts";
export { type OpenBundleOptions, openBundle } from "./bundle/open-bundle.ts";
export { type DetectedMotion, type DetectMotionOptions, detectKeypoints, detectMotion } from "./detect-motion.ts";
export {
  type ExportDescription,
  type ExportedGraph,
  type ExportedModel,
  type ExportedValue,
  exportModel,
} from "./export/export-model.ts";
export { alignCornersAdvice, type SamplingAdvice } from "./inspection/advice.ts";
export type { ComparedConfig, Comparison } from "./inspection/comparison.ts";
export { configsThatFit, type FittingConfigs } from "./inspection/configs-that-fit.ts";
export type { FrameSizes } from "./inspection/frame-sizes.ts";
export type { AssumedValue } from "./inspection/inferred-params.ts";
export {
  type CheckpointInspection,
  type InspectCheckpointOptions,
  inspectCheckpoint,
} from "./inspection/inspect-checkpoint.ts";
export type { ModuleSummary, PartSummary } from "./inspection/module-summary.ts";
export type { ModuleTensors, NamedDims } from "./inspection/module-tensors.ts";
export type { NonFiniteTensor } from "./inspection/non-finite.ts";
export { parameterCount } from "./inspection/parameters.ts";
export type { TensorDifferences } from "./inspection/tensor-differences.ts";
export { type LoadModelOptions, loadModel } from "./load-model.ts";
export { type AnyIterable, mapAhead } from "./map-ahead.ts";
export {
  type Architecture,
  architectureOf,
  type GraphOptions,
  type ModelWeights,
  type ModuleName,
} from "./models/architecture.ts";
export { type CreateModelOptions, createModel } from "./models/create-model.ts";
export { expectFrameSize, type FrameRule } from "./models/frame-rule.ts";
export type { EncodedSource, FrameOutput, Model, RenderedFrame, RenderOptions } from "./models/model.ts";
export { plansDetector } from "./models/plans-detector.ts";
export type { CalibrationClip } from "./quantize/calibration-frames.ts";
export type { KeptLayer, Layer } from "./quantize/choose-layers.ts";
export type { ModelDifference } from "./quantize/compare-models.ts";
export { type GraphQuantization, type Quantization, quantizing } from "./quantize/quantization.ts";
export {
  type QuantizedModel,
  type QuantizeModelOptions,
  type QuantizeProgress,
  quantizeModel,
} from "./quantize/quantize-model.ts";
export { compose, outputsOf, type RenderMode } from "./render/compose.ts";
export type { DrivingFrame, DrivingMotion, DrivingOptions, FrameTimes } from "./render/driving-keypoints.ts";
