export { createLiveAnimator, type LiveAnimator, type LiveFrame, type LiveOptions } from "./live-animator.ts";
export { kernels, webgpu } from "./webgpu.ts";
