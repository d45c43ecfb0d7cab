export { createLiveAnimator, type LiveAnimator, type LiveFrame, type LiveOptions } from "./live-animator.ts";
export type { LiveCanvas } from "./live-canvas.ts";
export { kernels, webgpu } from "./webgpu.ts";
