import type { Size } from "@bunraku/warp";
import { coordinatesWgsl } from "@bunraku/warp/webgpu";
import { reducingThreads, reductionsWgsl } from "./reductions.wgsl.ts";

/** What a shader of the soft argmax is written for. */
export interface SoftArgmaxShader extends Size {
  readonly temperature: number;
  /** How many maps of jacobian entries there are: one per keypoint, one for all, or none. */
  readonly jacobianMaps: "each" | "shared" | "none";
}

/**
 * `heatmapsOf`, `softArgmax` and `poolJacobians` as one shader: a workgroup per keypoint, whose threads walk over its map.
 *
 * Sums run over e^(score - largest) and are divided by their total once at the end.
 */
export function softArgmaxWgsl({ height, width, temperature, jacobianMaps }: SoftArgmaxShader): string {
  const positions = height * width;
  const pooled = jacobianMaps !== "none";
  const first = pooled ? 2 : 1; // binding of the first output
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read> scores: array<f32>; // [K, ${positions}]
${pooled ? "@group(0) @binding(1) var<storage, read> entries: array<f32>;" : ""}
@group(0) @binding(${first}) var<storage, read_write> heatmaps: array<f32>; // [K, ${positions}]
@group(0) @binding(${first + 1}) var<storage, read_write> points: array<vec2f>;
${pooled ? `@group(0) @binding(${first + 2}) var<storage, read_write> jacobians: array<vec4f>;` : ""}
${coordinatesWgsl({ height, width })}
${reductionsWgsl}
@compute @workgroup_size(${reducingThreads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let keypoint = group.x;
  let map = keypoint * ${positions}u;
  var highest = scores[map];
  for (var i = thread; i < ${positions}u; i += ${reducingThreads}u) { highest = max(highest, scores[map + i]); }
  let largest = largestOf(highest, thread);

  var moments = vec4f(); // total, x, y
  ${pooled ? `var pooled = vec4f();\n  let matrix = ${jacobianMaps === "each" ? `4u * keypoint * ${positions}u` : "0u"};` : ""}
  for (var i = thread; i < ${positions}u; i += ${reducingThreads}u) {
    let weight = exp((scores[map + i] - largest) / f32(${temperature}));
    heatmaps[map + i] = weight;
    moments += weight * vec4f(1.0, coordinateOf(i), 0.0);
    ${pooled ? `pooled += weight * vec4f(${entriesAt(positions)});` : ""}
  }
  let sums = sumOf(moments, thread);
  for (var i = thread; i < ${positions}u; i += ${reducingThreads}u) { heatmaps[map + i] /= sums.x; }
  if (thread == 0u) { points[keypoint] = sums.yz / sums.x; }
  ${pooled ? "let matrices = sumOf(pooled, thread);\n  if (thread == 0u) { jacobians[keypoint] = matrices / sums.x; }" : ""}
}`;
}

const entriesAt = (positions: number) =>
  [0, 1, 2, 3].map((entry) => `entries[matrix + ${entry * positions}u + i]`).join(", ");
