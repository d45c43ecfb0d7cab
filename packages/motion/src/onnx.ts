export { combineMotionsOnnx } from "./combine-motions/combine-motions.onnx.ts";
export {
  type DenseMotionInputs,
  type DenseMotionOutputs,
  fommDenseMotionGraph,
  fommDenseMotionOnnx,
  motionInputs,
} from "./fomm/dense-motion.onnx.ts";
export {
  type MonkeyNetMotionInputs,
  type MonkeyNetMotionOutputs,
  monkeyNetDenseMotionOnnx,
} from "./monkey-net/dense-motion.onnx.ts";
export {
  type MovementInputs,
  type MovementOutputs,
  movementEmbeddingOnnx,
} from "./movement-embedding/movement-embedding.onnx.ts";
export { type MotionValues, motionPredictorGraph, motionPredictorOnnx } from "./predictor/motion-predictor.onnx.ts";
export { type SplineValues, sparseMotionsOnnx } from "./sparse-motions/sparse-motions.onnx.ts";
