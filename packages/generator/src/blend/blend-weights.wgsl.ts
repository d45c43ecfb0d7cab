import type { Size } from "@bunraku/warp";
import { differenceRange, occlusionRange } from "./blend-weights.ts";

/** Threads of a workgroup: pixels side by side. */
export const blendThreads = 64;

/** What a shader of a blur is written for. */
export interface BlurShader extends Size {
  /** A window has 2 radius + 1 pixels. */
  readonly radius: number;
  readonly along: "rows" | "columns";
  /** How the map that is read is bound. */
  readonly access: "read" | "read_write";
}

/** One axis of `boxBlur` as a shader: x are pixels, y planes. */
export function blurWgsl({ access, ...shader }: BlurShader): string {
  return /* wgsl */ `
@group(0) @binding(0) var<storage, ${access}> map: array<f32>; // [planes, ${shader.height}, ${shader.width}]
@group(0) @binding(1) var<storage, read_write> blurred: array<f32>; // of the same size
fn valueAt(at: u32) -> f32 { return map[at]; }
${windowWgsl(shader)}`;
}

/** One axis of `boxBlur` over the difference of two pictures: x are pixels, y planes. */
export function differenceBlurWgsl(shader: Omit<BlurShader, "access">): string {
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read> warped: array<f32>; // [planes, ${shader.height}, ${shader.width}]
@group(0) @binding(1) var<storage, read> generated: array<f32>; // of the same size
@group(0) @binding(2) var<storage, read_write> blurred: array<f32>; // of the same size
fn valueAt(at: u32) -> f32 { return generated[at] - warped[at]; }
${windowWgsl(shader)}`;
}

/** The mean over what is inside of a window. */
function windowWgsl({ height, width, radius, along }: Omit<BlurShader, "access">): string {
  const [place, length, step] = along === "rows" ? ["column", width, 1] : ["row", height, width];
  return /* wgsl */ `
@compute @workgroup_size(${blendThreads})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${height * width}u) { return; }
  let row = id.x / ${width}u;
  let column = id.x % ${width}u;
  let at = id.y * ${height * width}u + id.x;
  let first = max(${place}, ${radius}u) - ${radius}u;
  let last = min(${place} + ${radius}u, ${length - 1}u);
  let start = at - ${place} * ${step}u;
  var sum = 0.0;
  for (var i = first; i <= last; i++) { sum += valueAt(start + i * ${step}u); }
  blurred[at] = sum / f32(last - first + 1u);
}`;
}

/** Weights before they are blurred, of blurred differences and the occlusion map: x are pixels. */
export function weightsWgsl({ height, width, occlusion }: Size & { readonly occlusion: Size | undefined }): string {
  const pixels = height * width;
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read_write> soft: array<f32>; // [3, ${height}, ${width}]
@group(0) @binding(1) var<storage, read_write> weights: array<f32>; // [${height}, ${width}]
${occlusion ? seenWgsl({ height, width }, occlusion) : ""}
@compute @workgroup_size(${blendThreads})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${pixels}u) { return; }
  let colour = vec3f(soft[id.x], soft[id.x + ${pixels}u], soft[id.x + ${2 * pixels}u]);
  let alike = 1.0 - smoothstep(${differenceRange.join(", ")}, sqrt(dot(colour, colour) / 3.0));
  let shown = ${occlusion ? `smoothstep(${occlusionRange.join(", ")}, seen(id.x / ${width}u, id.x % ${width}u))` : "1.0"};
  weights[id.x] = 1.0 - shown * alike;
}`;
}

/** The occlusion map, `resizeBilinear` at one pixel. */
const seenWgsl = (to: Size, from: Size) => /* wgsl */ `
@group(0) @binding(2) var<storage, read> occlusion: array<f32>; // [${from.height}, ${from.width}]

fn seen(row: u32, column: u32) -> f32 {
  const cells = vec2f(${from.width}, ${from.height});
  let place = (vec2f(vec2u(column, row)) + 0.5) * cells / vec2f(${to.width}, ${to.height}) - 0.5;
  let cell = clamp(place, vec2f(), cells - 1.0);
  let near = vec2u(cell);
  let far = min(near + 1u, vec2u(cells) - 1u);
  let share = fract(cell);
  let upper = mix(occlusion[near.y * ${from.width}u + near.x], occlusion[near.y * ${from.width}u + far.x], share.x);
  let lower = mix(occlusion[far.y * ${from.width}u + near.x], occlusion[far.y * ${from.width}u + far.x], share.x);
  return mix(upper, lower, share.y);
}
`;
