export { combineMotionsOnnx } from "./combine-motions/combine-motions.onnx.ts";
export {
  type DenseMotionInputs,
  type DenseMotionOutputs,
  fommDenseMotionGraph,
  fommDenseMotionOnnx,
} from "./fomm/dense-motion.onnx.ts";
export { sparseMotionsOnnx } from "./sparse-motions/sparse-motions.onnx.ts";
