import type { Size } from "./resize-bilinear.ts";

/** Threads of a workgroup: pixels of the result side by side. */
export const resizeThreads = 64;

/** What a shader of a resize is written for. */
export interface ResizeShader {
  readonly mode: "linear" | "nearest";
  readonly from: Size;
  readonly to: Size;
}

/**
 * `resizeBilinear`, or the repetition of pixels that `resizeNearest` is where sides are multiples, as a shader: x are
 * pixels of the result, y planes.
 */
export function resizeWgsl({ mode, from, to }: ResizeShader): string {
  const pixels = to.height * to.width;
  const value =
    mode === "nearest"
      ? `pixelAt(plane, row / ${to.height / from.height}u, column / ${to.width / from.width}u)`
      : "between(plane, row, column)";
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read> image: array<f32>; // [planes, ${from.height}, ${from.width}]
@group(0) @binding(1) var<storage, read_write> resized: array<f32>; // [planes, ${to.height}, ${to.width}]

fn pixelAt(plane: u32, row: u32, column: u32) -> f32 {
  return image[(plane * ${from.height}u + row) * ${from.width}u + column];
}
${mode === "linear" ? betweenWgsl(from, to) : ""}
@compute @workgroup_size(${resizeThreads})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${pixels}u) { return; }
  let plane = id.y;
  let row = id.x / ${to.width}u;
  let column = id.x % ${to.width}u;
  resized[plane * ${pixels}u + id.x] = ${value};
}`;
}

/** Places are (i + 0.5) N/n - 0.5 = ((2 i + 1) N - n) / 2 n: in whole numbers, so that none is lost to rounding. */
const betweenWgsl = (from: Size, to: Size) => /* wgsl */ `
struct Taps { near: u32, far: u32, share: f32 } // of the far one

fn tapsOf(index: u32, size: u32, wanted: u32) -> Taps {
  let place = max((2u * index + 1u) * size, wanted) - wanted;
  let near = place / (2u * wanted);
  return Taps(near, min(near + 1u, size - 1u), f32(place % (2u * wanted)) / f32(2u * wanted));
}

fn between(plane: u32, row: u32, column: u32) -> f32 {
  let y = tapsOf(row, ${from.height}u, ${to.height}u);
  let x = tapsOf(column, ${from.width}u, ${to.width}u);
  let above = mix(pixelAt(plane, y.near, x.near), pixelAt(plane, y.near, x.far), x.share);
  let below = mix(pixelAt(plane, y.far, x.near), pixelAt(plane, y.far, x.far), x.share);
  return mix(above, below, y.share);
}
`;
