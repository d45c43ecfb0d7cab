export { blendWeightsKernel } from "./blend/blend-weights.webgpu.ts";
