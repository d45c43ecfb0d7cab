import type { Weights } from "@bunraku/backends";
import { conv, hourglass, withoutDepth } from "@bunraku/backends/layers";
import { type Graph, GraphBuilder } from "@bunraku/backends/onnx";
import { type Size, scaledSize } from "@bunraku/warp";
import { resizeNearestOnnx } from "@bunraku/warp/onnx";
import { heatmapMomentsPieceOnnx } from "../covariances/heatmap-moments.onnx.ts";
import type { MonkeyNetDetectorConfig } from "./detector-config.ts";

/**
 * Monkey-Net's keypoint detector as a graph.
 *
 * Inputs: `image` `[1, 3, H, W]`, RGB in [0, 1]. Outputs: `points` `[K, 2]`, `covariances` `[K, 2, 2]` (before
 * clipping), `heatmaps` `[1, K, h, w]`.
 *
 * @param weights module `kp_detector` of a checkpoint, with or without depth; borrowed until the graph is encoded
 * @throws `MODEL` when a weight is missing or has other dims
 * @see spec 1M.2
 */
export function monkeyNetDetectorGraph(config: MonkeyNetDetectorConfig, weights: Weights, size: Size): Graph {
  const flat = withoutDepth(weights);
  const g = new GraphBuilder("monkey_net_keypoint_detector");
  const image = g.input("image", [1, config.numChannels, size.height, size.width]);
  const small = resizeNearestOnnx(g, image, scaledSize(size, config.scaleFactor));
  const features = hourglass(g, small, flat, "predictor", config);
  const head = { channels: config.numKeypoints, kernel: 3, padding: 1 };
  const scores = conv(g, features, flat, "predictor.decoder.conv", head);
  const { points, covariances, heatmaps } = heatmapMomentsPieceOnnx(g, scores, config);
  g.output(points, "points");
  g.output(covariances, "covariances");
  g.output(heatmaps, "heatmaps");
  return g.build();
}
