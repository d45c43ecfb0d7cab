import type { Size } from "@bunraku/warp";
import { coordinatesWgsl } from "@bunraku/warp/webgpu";
import { thinPlateKernelWgsl } from "../thin-plate-spline/thin-plate-kernel.wgsl.ts";

/** Threads of a workgroup: positions side by side. */
export const sparseMotionThreads = 64;

/** What a shader of the sparse motions is written for. */
export interface SparseMotionsShader extends Size {
  readonly keypoints: number;
  readonly withJacobians: boolean;
  readonly withSpline: boolean;
}

/**
 * `sparseMotions` as a shader: x are positions, y motions, the background first.
 *
 * Bindings: anchors, driving, jacobians and spline (those there are), motions.
 */
export function sparseMotionsWgsl({
  height,
  width,
  keypoints,
  withJacobians,
  withSpline,
}: SparseMotionsShader): string {
  const positions = height * width;
  const optional = [
    ...(withJacobians ? ["var<storage, read> jacobians: array<vec4f>; // [K]"] : []),
    ...(withSpline ? ["var<storage, read> spline: array<vec2f>; // [K, K]"] : []),
    `var<storage, read_write> motions: array<vec2f>; // [K + 1, ${positions}]`,
  ].map((declaration, i) => `@group(0) @binding(${2 + i}) ${declaration}`);
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read> anchors: array<vec2f>; // [K]
@group(0) @binding(1) var<storage, read> driving: array<vec2f>; // [K]
${optional.join("\n")}
${coordinatesWgsl({ height, width })}
${withSpline ? thinPlateKernelWgsl : ""}
@compute @workgroup_size(${sparseMotionThreads})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${positions}u) { return; }
  let here = coordinateOf(id.x);
  if (id.y == 0u) {
    motions[id.x] = here;
    return;
  }
  let k = id.y - 1u;
  var offset = here - driving[k];
  ${withJacobians ? "let jacobian = jacobians[k];\n  offset = vec2f(dot(jacobian.xy, offset), dot(jacobian.zw, offset));" : ""}
  var motion = anchors[k] + offset;
  ${withSpline ? bendWgsl(keypoints) : ""}
  motions[id.y * ${positions}u + id.x] = motion;
}`;
}

const bendWgsl = (keypoints: number) => /* wgsl */ `
  for (var j = 0u; j < ${keypoints}u; j++) {
    let way = here - driving[j];
    motion += spline[k * ${keypoints}u + j] * thinPlateKernel(dot(way, way));
  }`;
