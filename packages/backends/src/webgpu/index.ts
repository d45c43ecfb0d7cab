export type { Device, DeviceBuffer } from "./gpu-types.ts";
export type { Binding, GpuKernel, KernelCase, KernelPass, KernelPlan, KernelSite, SiteValue } from "./kernel.ts";
export { kernelCase, type Numbers } from "./kernel-case.ts";
export { createKernelRunner, type DeviceArray, type KernelRunner } from "./kernel-runner.ts";
export { nodeGpu } from "./node-gpu.ts";
export { readBack } from "./read-back.ts";
export { type KernelValue, runKernel } from "./run-kernel.ts";
export { withinLimits } from "./within-limits.ts";
