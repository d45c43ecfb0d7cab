import type { GlobalType } from "../contract/tensor.ts";

// WebGPU's types where the program has them, else `unknown`: users without them still compile.

/** A `GPUDevice`. */
export type Device = GlobalType<"GPUDevice">;
/** A `GPUBuffer`. */
export type DeviceBuffer = GlobalType<"GPUBuffer">;
/** A `GPUCommandEncoder`. */
export type CommandEncoder = GlobalType<"GPUCommandEncoder">;
