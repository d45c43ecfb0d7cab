import type { Size } from "../resize/resize-bilinear.ts";
import { type DisplacementShader, displacementWgsl } from "./displacement.wgsl.ts";

/** Threads of a workgroup: pixels side by side. */
export const warpImageThreads = 64;

/** `warpImage` by the displacement of a flow, as a shader: x are pixels. */
export function warpImageWgsl({ height, width, ...shader }: Size & DisplacementShader): string {
  const pixels = height * width;
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read> image: array<f32>; // [3, ${height}, ${width}]
@group(0) @binding(1) var<storage, read> flow: array<vec2f>; // [${shader.cells.height}, ${shader.cells.width}]
@group(0) @binding(2) var<storage, read_write> warped: array<f32>; // [3, ${height}, ${width}]

const size = vec2f(${width}, ${height});
${displacementWgsl(shader)}
@compute @workgroup_size(${warpImageThreads})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${pixels}u) { return; }
  let place = (vec2f(vec2u(id.x % ${width}u, id.x / ${width}u)) + 0.5) / size;
  let pixel = clamp((place + displacement(place)) * size - 0.5, vec2f(), size - 1.0);
  let near = vec2u(pixel);
  let far = min(near + 1u, vec2u(size) - 1u);
  let share = fract(pixel);
  for (var at = 0u; at < ${3 * pixels}u; at += ${pixels}u) {
    let upper = mix(image[at + near.y * ${width}u + near.x], image[at + near.y * ${width}u + far.x], share.x);
    let lower = mix(image[at + far.y * ${width}u + near.x], image[at + far.y * ${width}u + far.x], share.x);
    warped[at + id.x] = mix(upper, lower, share.y);
  }
}`;
}
