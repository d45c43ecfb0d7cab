import { existsSync } from "node:fs";
import { nodeGpu } from "../webgpu/node-gpu.ts";

// Any of these turns a processor into a GPU for Vulkan; Chromium brings the first, Debian 13's Mesa the second.
const drivers = ["/usr/lib/chromium/vk_swiftshader_icd.json", "/usr/share/vulkan/icd.d/lvp_icd.json"];

/**
 * A WebGPU device in Node for tests: the machine's own GPU, else a software one where a driver for that is installed.
 *
 * @returns `undefined` where there is neither, so that tests can say that they were skipped
 */
export async function testDevice(): Promise<GPUDevice | undefined> {
  if (!process.env.VK_ICD_FILENAMES && !process.env.VK_DRIVER_FILES) {
    const driver = drivers.find((path) => existsSync(path));
    if (driver) process.env.VK_ICD_FILENAMES = driver;
  }
  try {
    const gpu = await nodeGpu();
    const adapter = await gpu.requestAdapter();
    return (await adapter?.requestDevice()) ?? undefined;
  } catch {
    return undefined;
  }
}
