import { describe } from "vitest";
import { testBackend } from "../testing/test-backend.ts";
import { testDevice } from "../testing/test-device.ts";
import { type WebGpuBackend, webgpu } from "./webgpu.ts";

const device = await testDevice();

describe.skipIf(!device)("in Node, on whatever Vulkan there is", () => {
  testBackend("webgpu", () => webgpu({ software: true, prove: false }), {
    tolerance: 1e-5,
    steps: 32,
    live: (backend) => (backend as WebGpuBackend).memory.buffers,
  });
});
