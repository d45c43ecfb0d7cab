import type { Size } from "@bunraku/warp";
import { coordinatesWgsl } from "@bunraku/warp/webgpu";

/** Threads of a workgroup: positions side by side. */
export const gaussianThreads = 64;

/**
 * `gaussianHeatmaps` as a shader: x are positions, y keypoints.
 *
 * @param variance of all; by precisions, one matrix per keypoint, when it is not given
 */
export function gaussianHeatmapsWgsl({ height, width, variance }: Size & { variance?: number | undefined }): string {
  const positions = height * width;
  const byPrecisions = variance === undefined;
  const distance = byPrecisions
    ? "dot(offset.xxyy * offset.xyxy, precisions[id.y])"
    : `dot(offset, offset) / f32(${variance})`;
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read> points: array<vec2f>; // [K]
${byPrecisions ? "@group(0) @binding(1) var<storage, read> precisions: array<vec4f>; // [K]" : ""}
@group(0) @binding(${byPrecisions ? 2 : 1}) var<storage, read_write> heatmaps: array<f32>; // [K, ${positions}]
${coordinatesWgsl({ height, width })}
@compute @workgroup_size(${gaussianThreads})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${positions}u) { return; }
  let offset = coordinateOf(id.x) - points[id.y];
  heatmaps[id.y * ${positions}u + id.x] = exp(-0.5 * ${distance});
}`;
}
