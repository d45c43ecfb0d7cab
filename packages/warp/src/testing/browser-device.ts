/** A WebGPU device of the browser that the tests run in. @throws when it has none: vitest.browser.config.ts starts one that has */
export async function browserDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) throw new Error("This browser has no WebGPU adapter.");
  const device = await adapter.requestDevice();
  device.addEventListener("uncapturederror", ({ error }) => console.error(error.message));
  return device;
}
