export { determinant2, inverse2, type Matrix2, multiply2 } from "@bunraku/keypoints";
export { type BestFrame, findBestFrame, findBestLandmarks } from "./best-frame/find-best-frame.ts";
export { landmarkDistance } from "./best-frame/landmark-distance.ts";
export { type PoseOptions, poseDistance } from "./best-frame/pose-distance.ts";
export { type ClosedFormDenseMotion, closedFormDenseMotion } from "./closed-form/closed-form-dense-motion.ts";
export { type ClosedFormMaskOptions, closedFormMasks } from "./closed-form/closed-form-masks.ts";
export { combineMotions } from "./combine-motions/combine-motions.ts";
export { type DialedMotion, dialMotion } from "./dial-motion/dial-motion.ts";
export { type DialOptions, type MotionOrder, motionOrders } from "./dial-motion/dial-options.ts";
export { denseMotionInputs, type FommDenseMotionConfig, fommDenseMotionSpecs } from "./fomm/dense-motion-config.ts";
export { type KeypointLayout, type KeypointParts, layoutOf } from "./keypoint-layout/keypoint-layout.ts";
export { type MonkeyNetDenseMotionConfig, monkeyNetDenseMotionSpecs } from "./monkey-net/dense-motion-config.ts";
export type { MotionClipFields, MotionClipHeader } from "./motion-clip/clip-header.ts";
export { loopClip, resampleClip, reverseClip, smoothClip, trimClip } from "./motion-clip/edit-clip.ts";
export {
  createMotionClip,
  type MotionClip,
  type MotionFrame,
  motionClipExtension,
  motionClipType,
} from "./motion-clip/motion-clip.ts";
export { encodeMotionClip, type MotionClipWriter, motionClipWriter } from "./motion-clip/motion-clip-writer.ts";
export { type ReadMotionOptions, readMotionClip } from "./motion-clip/read-motion-clip.ts";
export { type MotionStream, readMotionFrames } from "./motion-clip/read-motion-frames.ts";
export {
  embeddingCandidates,
  embeddingChannels,
  expectEmbedding,
  type MovementEmbeddingConfig,
} from "./movement-embedding/embedding-config.ts";
export { movementEmbedding, type PrecisePoints } from "./movement-embedding/movement-embedding.ts";
export { createMotionPredictor, type MotionPredictor, type MotionSequence } from "./predictor/motion-predictor.ts";
export { type PredictMotionOptions, predictMotion } from "./predictor/predict-motion.ts";
export { type MotionPredictorConfig, motionPredictorSpecs } from "./predictor/predictor-config.ts";
export {
  createJitterMeter,
  type JitterMeter,
  type JitterOptions,
  jitterOf,
} from "./smoothing/jitter.ts";
export { createOneEuroFilter, type OneEuroFilter, type OneEuroOptions } from "./smoothing/one-euro-filter.ts";
export { type SmoothOptions, smoothKeypoints } from "./smoothing/smooth-keypoints.ts";
export { type SplineTerms, sparseMotions } from "./sparse-motions/sparse-motions.ts";
export { splineAt, splineJacobianAt } from "./thin-plate-spline/spline-at.ts";
export { thinPlateKernel } from "./thin-plate-spline/thin-plate-kernel.ts";
export { type ThinPlateOptions, type ThinPlateSpline, thinPlateSpline } from "./thin-plate-spline/thin-plate-spline.ts";
export { hullArea } from "./transfer-motion/hull-area.ts";
export { type TransferOptions, type TransferredMotion, transferMotion } from "./transfer-motion/transfer-motion.ts";
