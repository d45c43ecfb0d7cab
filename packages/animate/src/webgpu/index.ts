export { kernels, webgpu } from "./webgpu.ts";
