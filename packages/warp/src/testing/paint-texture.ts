import type { Size } from "../resize/resize-bilinear.ts";

/** What is painted onto a texture of a size (at most 64 pixels wide), as RGBA bytes. */
export async function paintTexture(
  device: GPUDevice,
  { height, width }: Size,
  encode: (encoder: GPUCommandEncoder, target: GPUTextureView) => void,
): Promise<Uint8ClampedArray> {
  const texture = device.createTexture({ size: [width, height], format: "rgba8unorm", usage: 0x10 | 0x01 });
  const staging = device.createBuffer({ size: 256 * height, usage: 0x01 | 0x08 });
  const encoder = device.createCommandEncoder();
  encode(encoder, texture.createView());
  encoder.copyTextureToBuffer({ texture }, { buffer: staging, bytesPerRow: 256 }, [width, height]);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(0x01);
  const rows = new Uint8Array(staging.getMappedRange().slice(0));
  for (const made of [texture, staging]) made.destroy();
  return Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => {
    return rows[256 * Math.floor(i / (4 * width)) + (i % (4 * width))]!;
  });
}

/** The largest difference of two pictures, in bytes. */
export function largestDifference(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  return Array.from(got).reduce((most, byte, i) => Math.max(most, Math.abs(byte - wanted[i]!)), 0);
}
