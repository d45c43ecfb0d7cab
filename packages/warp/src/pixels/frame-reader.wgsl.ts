import type { Size } from "../resize/resize-bilinear.ts";
import type { Crop } from "./picture.ts";

/** Threads of a workgroup along each axis. */
export const readerThreads = 8;

/** Where a shader finds a frame's pixels: in a texture of the crop alone, or in a whole video frame. */
export type FrameTexture = "texture" | "video";

/** The weights of an axis, as `packTaps` writes them. */
interface PackedTaps {
  /** Weights per output position. */
  readonly most: number;
}

/**
 * A frame, resized along x, rows as they were: x are columns of the image, y rows of the crop.
 *
 * One body for every kind of texture. What is transparent shows the background; video textures hold colours that alpha is
 * multiplied into.
 */
export function narrowFrameWgsl(
  texture: FrameTexture,
  {
    crop,
    width,
    columns,
    background,
  }: { crop: Crop; width: number; columns: PackedTaps; background: readonly number[] },
): string {
  const [type, load] =
    texture === "video"
      ? ["texture_external", `textureLoad(frame, at + vec2u(${crop.left}, ${crop.top}))`]
      : ["texture_2d<f32>", "textureLoad(frame, at, 0)"];
  return /* wgsl */ `
@group(0) @binding(0) var frame: ${type};
@group(0) @binding(1) var<storage, read> columns: array<f32>; // [${width}, 1 + ${columns.most}]
@group(0) @binding(2) var<storage, read_write> narrow: array<vec4f>; // [${crop.height}, ${width}]

const background = vec3f(${background.map((byte) => byte / 255).join(", ")});

@compute @workgroup_size(${readerThreads}, ${readerThreads})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${width}u || id.y >= ${crop.height}u) { return; }
  let taps = id.x * ${columns.most + 1}u;
  let first = u32(columns[taps]);
  var sum = vec3f();
  for (var i = 0u; i < ${columns.most}u; i++) {
    let at = vec2u(first + i, id.y);
    let pixel = ${load};
    sum += columns[taps + 1u + i] * (background * (1.0 - pixel.a) + pixel.rgb${texture === "video" ? "" : " * pixel.a"});
  }
  narrow[id.y * ${width}u + id.x] = vec4f(sum, 1.0);
}`;
}

/** Narrow rows, resized along y into planes of red, green and blue: x are columns, y rows of the image. */
export function imageFromNarrowWgsl({ height, width }: Size, rows: PackedTaps): string {
  const plane = height * width;
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read> narrow: array<vec4f>;
@group(0) @binding(1) var<storage, read> rows: array<f32>; // [${height}, 1 + ${rows.most}]
@group(0) @binding(2) var<storage, read_write> image: array<f32>; // [3, ${height}, ${width}]

@compute @workgroup_size(${readerThreads}, ${readerThreads})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${width}u || id.y >= ${height}u) { return; }
  let taps = id.y * ${rows.most + 1}u;
  let first = u32(rows[taps]);
  var sum = vec3f();
  for (var i = 0u; i < ${rows.most}u; i++) {
    sum += rows[taps + 1u + i] * narrow[(first + i) * ${width}u + id.x].rgb;
  }
  let at = id.y * ${width}u + id.x;
  image[at] = sum.r;
  image[at + ${plane}u] = sum.g;
  image[at + ${2 * plane}u] = sum.b;
}`;
}
