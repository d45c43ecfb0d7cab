import type { DeviceBuffer } from "@bunraku/backends/webgpu";

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
  const module = device.createShaderModule({ code: painterWgsl(dims) });
  const pipeline = device.createRenderPipeline({
    layout: "auto",
    vertex: { module, entryPoint: "corner" },
    fragment: { module, entryPoint: "colour", targets: [{ format }] },
  });
  return {
    encode(encoder, image, target) {
      const size = 4 * 3 * dims[2] * dims[3];
      const entries = [{ binding: 0, resource: { buffer: image, offset: 0, size } }];
      const pass = encoder.beginRenderPass({
        colorAttachments: [{ view: target, loadOp: "clear", storeOp: "store" }],
      });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
      pass.draw(3);
      pass.end();
    },
  };
}

/** One triangle, twice as large as the target, covers it without a seam. */
const painterWgsl = ([, , height, width]: readonly [1, 3, number, number]) => /* wgsl */ `
@group(0) @binding(0) var<storage, read> image: array<f32>; // [3, ${height}, ${width}]

const size = vec2f(${width}, ${height});

struct Corner {
  @builtin(position) position: vec4f,
  @location(0) place: vec2f, // 0 to 1 from the upper left
}

@vertex fn corner(@builtin(vertex_index) index: u32) -> Corner {
  let place = vec2f(f32((index << 1u) & 2u), f32(index & 2u));
  return Corner(vec4f(place * vec2f(2.0, -2.0) + vec2f(-1.0, 1.0), 0.0, 1.0), place);
}

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
