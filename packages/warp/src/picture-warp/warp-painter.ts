import type { DeviceBuffer } from "@bunraku/backends/webgpu";
import { createPainter } from "../pixels/painter.ts";
import type { Size } from "../resize/resize-bilinear.ts";

/** Draws one picture, moved by flows of one size. */
export interface WarpPainter {
  /** Records the drawing; `flow` holds `[1, h, w, 2]`, `picture` is a view of the whole. */
  encode(encoder: GPUCommandEncoder, flow: DeviceBuffer, picture: GPUTextureView, target: GPUTextureView): void;
}

export interface WarpPainterOptions {
  /** Of the picture, and of what is drawn to: the picture's own aspect. */
  readonly picture: Size;
  /** Of the flow. */
  readonly cells: Size;
  readonly alignCorners: boolean;
}

/** `displacementOf` and `warpPicture` as a render pipeline: the flow of a small map moves a picture of any size. */
export function createWarpPainter(
  device: GPUDevice,
  format: GPUTextureFormat,
  options: WarpPainterOptions,
): WarpPainter {
  const painter = createPainter(device, format, warpWgsl(options));
  const size = 4 * 2 * options.cells.height * options.cells.width;
  return {
    encode: (encoder, buffer, picture, target) =>
      painter.encode(encoder, [{ buffer, offset: 0, size }, picture], target),
  };
}

const warpWgsl = ({ picture, cells, alignCorners }: WarpPainterOptions) => /* wgsl */ `
@group(0) @binding(0) var<storage, read> flow: array<vec2f>; // [${cells.height}, ${cells.width}]
@group(0) @binding(1) var picture: texture_2d<f32>;

const cells = vec2f(${cells.width}, ${cells.height});
const size = vec2f(${picture.width}, ${picture.height});

// How far from itself a cell reads, as a share of the picture.
fn displacementAt(cell: vec2u) -> vec2f {
  let coordinate = flow[cell.y * ${cells.width}u + cell.x];
  let pixel = ${alignCorners ? "(coordinate + 1.0) / 2.0 * (cells - 1.0)" : "((coordinate + 1.0) * cells - 1.0) / 2.0"};
  let moved = (pixel - vec2f(cell)) / cells;
  // Not a number is no place to read from.
  return select(vec2f(), moved, abs(moved) < vec2f(1e6));
}

fn displacement(place: vec2f) -> vec2f {
  let cell = clamp(place * cells - 0.5, vec2f(), cells - 1.0);
  let near = vec2u(cell);
  let far = min(near + 1u, vec2u(cells) - 1u);
  let share = fract(cell);
  let upper = mix(displacementAt(near), displacementAt(vec2u(far.x, near.y)), share.x);
  let lower = mix(displacementAt(vec2u(near.x, far.y)), displacementAt(far), share.x);
  return mix(upper, lower, share.y);
}

@fragment fn colour(corner: Corner) -> @location(0) vec4f {
  let pixel = clamp((corner.place + displacement(corner.place)) * size - 0.5, vec2f(), size - 1.0);
  let near = vec2u(pixel);
  let far = min(near + 1u, vec2u(size) - 1u);
  let share = fract(pixel);
  let upper = mix(textureLoad(picture, near, 0), textureLoad(picture, vec2u(far.x, near.y), 0), share.x);
  let lower = mix(textureLoad(picture, vec2u(near.x, far.y), 0), textureLoad(picture, far, 0), share.x);
  return mix(upper, lower, share.y);
}`;
