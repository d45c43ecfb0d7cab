export { determinant2, inverse2, type Matrix2, multiply2 } from "@bunraku/keypoints";
export { combineMotions } from "./combine-motions/combine-motions.ts";
export { denseMotionInputs, type FommDenseMotionConfig, fommDenseMotionSpecs } from "./fomm/dense-motion-config.ts";
export { sparseMotions } from "./sparse-motions/sparse-motions.ts";
export { hullArea } from "./transfer-motion/hull-area.ts";
export { type TransferOptions, type TransferredMotion, transferMotion } from "./transfer-motion/transfer-motion.ts";
