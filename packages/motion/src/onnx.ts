export { combineMotionsOnnx } from "./combine-motions/combine-motions.onnx.ts";
export {
  type DenseMotionInputs,
  type DenseMotionOutputs,
  fommDenseMotionGraph,
  fommDenseMotionOnnx,
  motionInputs,
} from "./fomm/dense-motion.onnx.ts";
export { type SplineValues, sparseMotionsOnnx } from "./sparse-motions/sparse-motions.onnx.ts";
