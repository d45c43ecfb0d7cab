import { sizeOf } from "../contract/tensor.ts";
import type { Device } from "./gpu-types.ts";
import type { DeviceArray } from "./kernel-runner.ts";

/** MAP_READ | COPY_DST, and GPUMapMode.READ. */
const [stagingUsage, mapRead] = [0x01 | 0x08, 0x01];

/**
 * Brings arrays to the CPU, all in one go: one copy, one wait.
 *
 * @param arrays borrowed
 * @returns their elements, owned by the caller
 */
export async function readBack(device: Device, arrays: readonly DeviceArray[]): Promise<Float32Array[]> {
  const sizes = arrays.map(({ dims }) => 4 * sizeOf(dims));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === 0) return arrays.map(() => new Float32Array(0));
  const staging = device.createBuffer({ size: total, usage: stagingUsage });
  try {
    const encoder = device.createCommandEncoder();
    let at = 0;
    for (const [index, { buffer }] of arrays.entries()) {
      if (sizes[index] !== 0) encoder.copyBufferToBuffer(buffer, 0, staging, at, sizes[index]!);
      at += sizes[index]!;
    }
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(mapRead);
    const bytes = staging.getMappedRange().slice(0);
    at = 0;
    return sizes.map((size) => {
      const elements = new Float32Array(bytes, at, size / 4);
      at += size;
      return arrays.length === 1 ? elements : elements.slice();
    });
  } finally {
    staging.destroy();
  }
}
