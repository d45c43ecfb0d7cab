import type { Weights } from "@bunraku/backends";
import { conv, hourglass } from "@bunraku/backends/layers";
import { type Graph, GraphBuilder, type Value } from "@bunraku/backends/onnx";
import type { Size } from "@bunraku/warp";
import { antiAliasDownOnnx } from "@bunraku/warp/onnx";
import { softArgmaxPieceOnnx } from "../soft-argmax/soft-argmax.onnx.ts";
import type { FommDetectorConfig } from "./detector-config.ts";

/**
 * The first-order model's keypoint detector as a graph.
 *
 * Inputs: `image` `[1, 3, H, W]`, RGB in [0, 1]. Outputs: `points` `[K, 2]`, `jacobians` `[K, 2, 2]` (when estimated),
 * `heatmaps` `[1, K, h, w]`.
 *
 * @param weights module `kp_detector` of a checkpoint; borrowed until the graph is encoded
 * @throws `MODEL` when a weight is missing or has other dims
 * @see spec 1.4
 */
export function fommDetectorGraph(config: FommDetectorConfig, weights: Weights, size: Size): Graph {
  const g = new GraphBuilder("fomm_keypoint_detector");
  const image = g.input("image", [1, config.numChannels, size.height, size.width]);
  const { points, jacobians, heatmaps } = fommDetectorOnnx(g, image, weights, config);
  g.output(points, "points");
  if (jacobians) g.output(jacobians, "jacobians");
  g.output(heatmaps, "heatmaps");
  return g.build();
}

/** The detector as a piece of a larger graph. */
export function fommDetectorOnnx(
  g: GraphBuilder,
  image: Value,
  weights: Weights,
  config: FommDetectorConfig,
): { points: Value; jacobians?: Value; heatmaps: Value } {
  const small = antiAliasDownOnnx(g, image, config.scaleFactor);
  const features = hourglass(g, small, weights, "predictor", config);
  const head = { kernel: 7, padding: config.pad };
  const scores = conv(g, features, weights, "kp", { ...head, channels: config.numKeypoints });
  if (!config.estimateJacobian) return softArgmaxPieceOnnx(g, scores, undefined, config);
  const maps = config.singleJacobianMap ? 1 : config.numKeypoints;
  const entries = conv(g, features, weights, "jacobian", { ...head, channels: 4 * maps });
  return softArgmaxPieceOnnx(g, scores, entries, config);
}
