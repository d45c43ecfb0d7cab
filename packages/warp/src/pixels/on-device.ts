import { BunrakuError, expectShape, type Tensor } from "@bunraku/backends";
import type { DeviceBuffer } from "@bunraku/backends/webgpu";

/**
 * The buffer of an image `[1, 3, H, W]` that lives on a device.
 *
 * @throws `SHAPE`; `UNSUPPORTED` when it lives on the CPU
 */
export function imageOnDevice(
  image: Tensor<"float32">,
  what: string,
): { buffer: DeviceBuffer; dims: readonly [1, 3, number, number] } {
  const { dims, buffer } = expectShape(image, [1, 3, "H", "W"], `${what} image`);
  if (buffer) return { buffer, dims };
  throw new BunrakuError(
    "UNSUPPORTED",
    `${what}: the image is on the CPU. Ask the session to keep it on the device (keep), or use imageToPicture.`,
  );
}
