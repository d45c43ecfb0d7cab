import { sizeOf, type Tensor } from "@bunraku/backends";
import type { Device } from "@bunraku/backends/webgpu";
import { imageOnDevice } from "./on-device.ts";
import type { Picture } from "./picture.ts";

/** Brings images from a device as pictures. */
export interface PictureReader {
  /**
   * Packs an image to bytes on the device and reads those: a third of what its floats are.
   *
   * @param image `[1, 3, H, W]` on the reader's device, RGB; values outside [0, 1] are clipped; borrowed until the call returns
   * @returns The picture that `imageToPicture` makes, to the byte; owned by the caller
   * @throws `SHAPE`, `UNSUPPORTED` when it lives on the CPU
   */
  read(image: Tensor<"float32">): Promise<Picture>;
}

// GPUBufferUsage and GPUMapMode by number: Node has the names only once a GPU was made.
const [packedUsage, stagingUsage, mapRead] = [0x80 | 0x04, 0x01 | 0x08, 0x01];
const threads = 64;

/** Makes a reader of pictures. */
export function createPictureReader(device: Device): PictureReader {
  const module = device.createShaderModule({ code: packWgsl });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
  return {
    async read(image) {
      const { buffer, dims } = imageOnDevice(image, "picture reader");
      const [, , height, width] = dims;
      const size = 4 * width * height;
      const packed = device.createBuffer({ size, usage: packedUsage });
      const staging = device.createBuffer({ size, usage: stagingUsage });
      try {
        const entries = [{ buffer, offset: 0, size: 4 * sizeOf(dims) }, { buffer: packed }].map(
          (resource, binding) => ({
            binding,
            resource,
          }),
        );
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
        const groups = Math.ceil((width * height) / threads);
        const rows = Math.ceil(groups / 65_535); // a dispatch may be that wide
        pass.dispatchWorkgroups(Math.ceil(groups / rows), rows);
        pass.end();
        encoder.copyBufferToBuffer(packed, 0, staging, 0, size);
        device.queue.submit([encoder.finish()]);
        await staging.mapAsync(mapRead);
        return { width, height, data: new Uint8ClampedArray(staging.getMappedRange().slice(0)) };
      } finally {
        packed.destroy();
        staging.destroy();
      }
    },
  };
}

const packWgsl = /* wgsl */ `
@group(0) @binding(0) var<storage, read> image: array<f32>; // [3, H, W]
@group(0) @binding(1) var<storage, read_write> packed: array<u32>; // [H, W], red in the lowest byte

// x · 255, rounded half to even, as a clamped array rounds the exact product.
fn byteOf(value: f32) -> u32 {
  if ((bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u) { return 0u; } // NaN
  let x = clamp(value, 0.0, 1.0);
  let below = floor(x * 255.0);
  // x · 255 > below + 0.5 is 256 x - (below + 0.5) > x, and that is exact in float32 where it is close.
  let over = x * 256.0 - (below + 0.5);
  let byte = u32(below);
  return select(byte, byte + 1u, over > x || (over == x && (byte & 1u) == 1u));
}

@compute @workgroup_size(${threads})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = id.y * groups.x * ${threads}u + id.x;
  let pixels = arrayLength(&packed);
  if (at >= pixels) { return; }
  let colour = vec3u(byteOf(image[at]), byteOf(image[at + pixels]), byteOf(image[at + 2u * pixels]));
  packed[at] = colour.r | (colour.g << 8u) | (colour.b << 16u) | 0xff000000u;
}`;
