import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import { coordinatesOnnx, gaussianHeatmapsOnnx } from "@bunraku/keypoints/onnx";
import type { Size } from "@bunraku/warp";
import { gridSampleOnnx } from "@bunraku/warp/onnx";
import { embeddingCandidates, embeddingChannels, type MovementEmbeddingConfig } from "./embedding-config.ts";

/** What an embedding reads. */
export interface MovementInputs {
  /** `[1, 3, h, w]`: the source at the embedding's size */
  readonly image: Value;
  /** `[K, 2]` each */
  readonly driving: Value;
  readonly source: Value;
  /** `[K, 2, 2]` each: inverse covariances */
  readonly drivingPrecisions: Value;
  readonly sourcePrecisions: Value;
  /** `[K + 1, h, w, 2]`: the candidate motions, background first */
  readonly motions: Value;
}

/** An embedding, and what can be seen of it. */
export interface MovementOutputs {
  /** `[1, candidates · channels, h, w]` */
  readonly embedding: Value;
  /** `[candidates, 3, h, w]`: the source, moved by each candidate; where the embedding uses it */
  readonly sparseDeformed?: Value;
}

/** `movementEmbedding` as a piece of a graph, of candidate motions of any order. */
export function movementEmbeddingOnnx(
  g: GraphBuilder,
  inputs: MovementInputs,
  config: MovementEmbeddingConfig,
  { alignCorners }: { alignCorners: boolean },
): MovementOutputs {
  const [, channels, height, width] = inputs.image.dims as [number, number, number, number];
  const size = { height, width };
  const count = embeddingCandidates(config);
  const perCandidate = (value: Value, channels: number) => {
    const dims = [count, channels, height, width];
    return g.node("Reshape", [value, g.ints(dims)], dims);
  };
  const parts: Value[] = [];
  if (config.useHeatmap) parts.push(perCandidate(heatmapsOnnx(g, inputs, size, config), 1));
  const motions =
    config.addBackground || !(config.useDifference || config.useDeformedSource)
      ? inputs.motions
      : g.node("Slice", [inputs.motions, g.ints([1]), g.ints([count + 1]), g.ints([0])], [count, height, width, 2]);
  if (config.useDifference) {
    const grid = g.node("Reshape", [coordinatesOnnx(g, size), g.ints([1, height, width, 2])], [1, height, width, 2]);
    const differences = g.node("Sub", [motions, grid], [count, height, width, 2]);
    parts.push(g.node("Transpose", [differences], [count, 2, height, width], { perm: [0, 3, 1, 2] }));
  }
  let sparseDeformed: Value | undefined;
  if (config.useDeformedSource) {
    const dims = [count, channels, height, width];
    const copies = g.node("Expand", [inputs.image, g.ints(dims)], dims);
    sparseDeformed = gridSampleOnnx(g, copies, motions, { alignCorners });
    parts.push(sparseDeformed);
  }
  const all = embeddingChannels(config);
  const joined = parts.length === 1 ? parts[0]! : g.node("Concat", parts, [count, all, height, width], { axis: 1 });
  const dims = [1, count * all, height, width];
  const embedding = g.node("Reshape", [joined, g.ints(dims)], dims);
  return { embedding, ...(sparseDeformed && { sparseDeformed }) };
}

/** `[1, candidates, h, w]` */
function heatmapsOnnx(
  g: GraphBuilder,
  { driving, source, drivingPrecisions, sourcePrecisions }: MovementInputs,
  size: Size,
  config: MovementEmbeddingConfig,
): Value {
  const gaussians = (points: Value, precisions: Value) =>
    normalisedOnnx(g, gaussianHeatmapsOnnx(g, points, size, { precisions }), config);
  const here = gaussians(driving, drivingPrecisions);
  const maps =
    config.heatmapType === "gaussian" ? here : g.node("Sub", [here, gaussians(source, sourcePrecisions)], here.dims);
  if (!config.addBackground) return maps;
  const { height, width } = size;
  const nothing = g.floats(new Float32Array(height * width), [1, 1, height, width]);
  return g.node("Concat", [nothing, maps], [1, config.numKeypoints + 1, height, width], { axis: 1 });
}

/** Smaller than any sum that is not 0, so that a gaussian that is nowhere on the map is zeros, not 0/0. */
const leastSum = 1e-37;

function normalisedOnnx(g: GraphBuilder, maps: Value, { normalisation }: MovementEmbeddingConfig): Value {
  if (normalisation !== "sum") return g.node("Div", [maps, g.floats([normalisation])], maps.dims);
  const sums = g.node("ReduceSum", [maps, g.ints([2, 3])], [1, maps.dims[1]!, 1, 1], { keepdims: 1 });
  return g.node("Div", [maps, g.node("Max", [sums, g.floats([leastSum])], sums.dims)], maps.dims);
}
