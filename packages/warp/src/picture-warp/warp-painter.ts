import type { DeviceBuffer } from "@bunraku/backends/webgpu";
import { createPainter } from "../pixels/painter.ts";
import type { Size } from "../resize/resize-bilinear.ts";
import { type DisplacementShader, displacementWgsl } from "./displacement.wgsl.ts";

/** Draws one picture, moved by flows of one size. */
export interface WarpPainter {
  /**
   * Records the drawing; `flow` holds `[1, h, w, 2]`, `picture` is a view of the whole.
   *
   * @param blend where options say that there is one
   */
  encode(
    encoder: GPUCommandEncoder,
    flow: DeviceBuffer,
    picture: GPUTextureView,
    target: GPUTextureView,
    blend?: BlendBuffers,
  ): void;
}

/** A `BlendMap` on a device: weights `[H, W]` and what is painted `[3, H, W]`. */
export interface BlendBuffers {
  readonly weights: DeviceBuffer;
  readonly image: DeviceBuffer;
}

export interface WarpPainterOptions extends DisplacementShader {
  /** Of the picture, and of what is drawn to: the picture's own aspect. */
  readonly picture: Size;
  /** Of weights and of what is painted, where it is painted over. */
  readonly blend?: Size;
}

/** `displacementOf` and `warpPicture` as a render pipeline: the flow of a small map moves a picture of any size. */
export function createWarpPainter(
  device: GPUDevice,
  format: GPUTextureFormat,
  options: WarpPainterOptions,
): WarpPainter {
  const painter = createPainter(device, format, warpWgsl(options));
  const { cells, blend } = options;
  const floats = (buffer: DeviceBuffer, count: number) => ({ buffer, offset: 0, size: 4 * count });
  return {
    encode(encoder, flow, picture, target, painted) {
      const moves = floats(flow, 2 * cells.height * cells.width);
      const pixels = blend ? blend.height * blend.width : 0;
      const over = painted ? [floats(painted.weights, pixels), floats(painted.image, 3 * pixels)] : [];
      painter.encode(encoder, [moves, picture, ...over], target);
    },
  };
}

const warpWgsl = ({ picture, blend, ...shader }: WarpPainterOptions) => /* wgsl */ `
@group(0) @binding(0) var<storage, read> flow: array<vec2f>; // [${shader.cells.height}, ${shader.cells.width}]
@group(0) @binding(1) var picture: texture_2d<f32>;

const size = vec2f(${picture.width}, ${picture.height});
${displacementWgsl(shader)}
fn warped(place: vec2f) -> vec4f {
  let pixel = clamp((place + displacement(place)) * size - 0.5, vec2f(), size - 1.0);
  let near = vec2u(pixel);
  let far = min(near + 1u, vec2u(size) - 1u);
  let share = fract(pixel);
  let upper = mix(textureLoad(picture, near, 0), textureLoad(picture, vec2u(far.x, near.y), 0), share.x);
  let lower = mix(textureLoad(picture, vec2u(near.x, far.y), 0), textureLoad(picture, far, 0), share.x);
  return mix(upper, lower, share.y);
}
${blend ? blendWgsl(blend) : ""}
@fragment fn colour(corner: Corner) -> @location(0) vec4f {
  return ${blend ? "blended(corner.place)" : "warped(corner.place)"};
}`;

/** The warped picture, painted over. Weights and what is painted have one size, and are read at the same places. */
const blendWgsl = ({ height, width }: Size) => /* wgsl */ `
@group(0) @binding(2) var<storage, read> weights: array<f32>; // [${height}, ${width}]
@group(0) @binding(3) var<storage, read> painted: array<f32>; // [3, ${height}, ${width}]

// What is painted, and its share in the last place.
fn paintAt(x: u32, y: u32) -> vec4f {
  let at = y * ${width}u + x;
  return vec4f(painted[at], painted[at + ${height * width}u], painted[at + ${2 * height * width}u], weights[at]);
}

fn blended(place: vec2f) -> vec4f {
  const small = vec2f(${width}, ${height});
  let pixel = clamp(place * small - 0.5, vec2f(), small - 1.0);
  let near = vec2u(pixel);
  let far = min(near + 1u, vec2u(small) - 1u);
  let share = fract(pixel);
  let upper = mix(paintAt(near.x, near.y), paintAt(far.x, near.y), share.x);
  let lower = mix(paintAt(near.x, far.y), paintAt(far.x, far.y), share.x);
  let paint = mix(upper, lower, share.y);
  return mix(warped(place), vec4f(paint.rgb, 1.0), paint.a);
}
`;
