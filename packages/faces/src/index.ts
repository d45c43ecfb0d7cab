export { type FoundCrop, findPortraitCrop } from "./crop/find-portrait-crop.ts";
export { findVideoCrop, type VideoCropOptions } from "./crop/find-video-crop.ts";
export type { PictureSize } from "./crop/fit-crop.ts";
export { type PortraitCropOptions, portraitCrop } from "./crop/portrait-crop.ts";
export { type Box, type Face, overlap, type Point } from "./detector/face.ts";
export {
  createFaceDetector,
  type DetectOptions,
  type FaceDetector,
  type FaceDetectorOptions,
} from "./detector/face-detector.ts";
export { yunet } from "./yunet.ts";
