import type { Size } from "@bunraku/warp";
import { coordinatesWgsl } from "@bunraku/warp/webgpu";
import { reducingThreads, reductionsWgsl } from "../soft-argmax/reductions.wgsl.ts";
import { heatmapFloor } from "./heatmap-moments.ts";

/**
 * `heatmapsOf` and `heatmapMoments` as one shader: a workgroup per keypoint, whose threads walk over its map.
 *
 * The mean comes before the spread around it: the difference of two large sums would lose the covariance's last digits.
 */
export function heatmapMomentsWgsl({ height, width, temperature }: Size & { temperature: number }): string {
  const positions = height * width;
  const walk = `for (var i = thread; i < ${positions}u; i += ${reducingThreads}u)`;
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read> scores: array<f32>; // [K, ${positions}]
@group(0) @binding(1) var<storage, read_write> heatmaps: array<f32>; // [K, ${positions}]
@group(0) @binding(2) var<storage, read_write> points: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> covariances: array<vec4f>;
${coordinatesWgsl({ height, width })}
${reductionsWgsl}
@compute @workgroup_size(${reducingThreads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let map = group.x * ${positions}u;
  var highest = scores[map];
  ${walk} { highest = max(highest, scores[map + i]); }
  let largest = largestOf(highest, thread);

  var weights = vec4f();
  ${walk} {
    let weight = exp((scores[map + i] - largest) / f32(${temperature}));
    heatmaps[map + i] = weight;
    weights.x += weight;
  }
  let total = sumOf(weights, thread).x;

  var places = vec4f();
  ${walk} {
    let heat = heatmaps[map + i] / total;
    heatmaps[map + i] = heat;
    places += (heat + ${heatmapFloor}) * vec4f(coordinateOf(i), 0.0, 0.0);
  }
  let mean = sumOf(places, thread).xy;

  var squares = vec4f();
  ${walk} {
    let offset = coordinateOf(i) - mean;
    squares += (heatmaps[map + i] + ${heatmapFloor}) * offset.xxyy * offset.xyxy;
  }
  let covariance = sumOf(squares, thread);
  if (thread == 0u) {
    points[group.x] = mean;
    covariances[group.x] = covariance;
  }
}`;
}
