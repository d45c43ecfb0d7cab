export { determinant2, inverse2, type Matrix2, multiply2 } from "@bunraku/keypoints";
export { type ClosedFormDenseMotion, closedFormDenseMotion } from "./closed-form/closed-form-dense-motion.ts";
export { type ClosedFormMaskOptions, closedFormMasks } from "./closed-form/closed-form-masks.ts";
export { combineMotions } from "./combine-motions/combine-motions.ts";
export { type DialedMotion, dialMotion } from "./dial-motion/dial-motion.ts";
export { type DialOptions, type MotionOrder, motionOrders } from "./dial-motion/dial-options.ts";
export { denseMotionInputs, type FommDenseMotionConfig, fommDenseMotionSpecs } from "./fomm/dense-motion-config.ts";
export { type MonkeyNetDenseMotionConfig, monkeyNetDenseMotionSpecs } from "./monkey-net/dense-motion-config.ts";
export {
  embeddingCandidates,
  embeddingChannels,
  expectEmbedding,
  type MovementEmbeddingConfig,
} from "./movement-embedding/embedding-config.ts";
export { movementEmbedding, type PrecisePoints } from "./movement-embedding/movement-embedding.ts";
export { type SplineTerms, sparseMotions } from "./sparse-motions/sparse-motions.ts";
export { splineAt, splineJacobianAt } from "./thin-plate-spline/spline-at.ts";
export { thinPlateKernel } from "./thin-plate-spline/thin-plate-kernel.ts";
export { type ThinPlateOptions, type ThinPlateSpline, thinPlateSpline } from "./thin-plate-spline/thin-plate-spline.ts";
export { hullArea } from "./transfer-motion/hull-area.ts";
export { type TransferOptions, type TransferredMotion, transferMotion } from "./transfer-motion/transfer-motion.ts";
