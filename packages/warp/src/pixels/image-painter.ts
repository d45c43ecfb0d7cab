import type { DeviceBuffer } from "@bunraku/backends/webgpu";
import { createPainter } from "./painter.ts";

/** Draws images of one size over the whole of whatever is drawn to. */
export interface ImagePainter {
  /** Records the drawing; `image` holds `[1, 3, H, W]`. */
  encode(encoder: GPUCommandEncoder, image: DeviceBuffer, target: GPUTextureView): void;
}

/**
 * A render pipeline that fills a target with an image, bilinearly where sizes differ, clamped to [0, 1].
 *
 * @param dims of the images, `[1, 3, H, W]`
 */
export function createImagePainter(
  device: GPUDevice,
  format: GPUTextureFormat,
  dims: readonly [1, 3, number, number],
): ImagePainter {
  const painter = createPainter(device, format, painterWgsl(dims));
  const size = 4 * 3 * dims[2] * dims[3];
  return {
    encode: (encoder, buffer, target) => painter.encode(encoder, [{ buffer, offset: 0, size }], target),
  };
}

const painterWgsl = ([, , height, width]: readonly [1, 3, number, number]) => /* wgsl */ `
@group(0) @binding(0) var<storage, read> image: array<f32>; // [3, ${height}, ${width}]

const size = vec2f(${width}, ${height});

fn pixelAt(x: u32, y: u32) -> vec3f {
  let at = y * ${width}u + x;
  return vec3f(image[at], image[at + ${height * width}u], image[at + ${2 * height * width}u]);
}

@fragment fn colour(corner: Corner) -> @location(0) vec4f {
  let pixel = clamp(corner.place * size - 0.5, vec2f(), size - 1.0);
  let near = vec2u(pixel);
  let far = min(near + 1u, vec2u(size) - 1u);
  let share = fract(pixel);
  let upper = mix(pixelAt(near.x, near.y), pixelAt(far.x, near.y), share.x);
  let lower = mix(pixelAt(near.x, far.y), pixelAt(far.x, far.y), share.x);
  return vec4f(clamp(mix(upper, lower, share.y), vec3f(), vec3f(1.0)), 1.0);
}`;
