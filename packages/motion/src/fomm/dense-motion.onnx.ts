import type { Weights } from "@bunraku/backends";
import { conv, hourglass, softmax } from "@bunraku/backends/layers";
import { type Graph, GraphBuilder, type Value } from "@bunraku/backends/onnx";
import { gaussianHeatmapsOnnx } from "@bunraku/keypoints/onnx";
import type { Size } from "@bunraku/warp";
import { gridSampleOnnx } from "@bunraku/warp/onnx";
import { combineMotionsOnnx } from "../combine-motions/combine-motions.onnx.ts";
import { sparseMotionsOnnx } from "../sparse-motions/sparse-motions.onnx.ts";
import { denseMotionInputs, type FommDenseMotionConfig } from "./dense-motion-config.ts";

/** What dense motion reads. */
export interface DenseMotionInputs {
  /** `[1, 3, h, w]`: the source at the motion's resolution, anti-aliased. */
  readonly image: Value;
  /** `[K, 2]`, s_k */
  readonly source: Value;
  /** `[K, 2]`, d_k, transferred */
  readonly driving: Value;
  /** `[K, 2, 2]`, J_k; absent for zeroth order */
  readonly jacobians?: Value;
  /** `[K, 2]` and `[K, K, 2]`, of `dialMotion`; absent where motions are affine */
  readonly anchors?: Value;
  readonly spline?: Value;
}

export interface DenseMotionOutputs {
  /** `[1, h, w, 2]` */
  readonly flow: Value;
  /** `[1, K + 1, h, w]` */
  readonly masks: Value;
  /** `[1, 1, h, w]`, 1 where the source shows what is needed */
  readonly occlusion?: Value;
  /** `[K + 1, 3, h, w]`: the source, moved by each candidate */
  readonly sparseDeformed: Value;
}

/**
 * The first-order model's dense motion network as a piece of a graph.
 *
 * @param weights `dense_motion_network` of a generator, without that prefix
 * @see spec 1.5
 */
export function fommDenseMotionOnnx(
  g: GraphBuilder,
  { image, source, driving, jacobians, anchors, spline }: DenseMotionInputs,
  weights: Weights,
  config: FommDenseMotionConfig,
  { alignCorners }: { alignCorners: boolean },
): DenseMotionOutputs {
  const [, channels, height, width] = image.dims as [number, number, number, number];
  const size = { height, width };
  const count = config.numKeypoints + 1;

  const variance = { variance: config.keypointVariance };
  const here = gaussianHeatmapsOnnx(g, driving, size, variance);
  const there = gaussianHeatmapsOnnx(g, source, size, variance);
  const difference = g.node("Sub", [here, there], here.dims);
  const nothing = g.floats(new Float32Array(height * width), [1, 1, height, width]);
  const stacked = g.node("Concat", [nothing, difference], [1, count, height, width], { axis: 1 });
  const heatmaps = g.node("Reshape", [stacked, g.ints([count, 1, height, width])], [count, 1, height, width]);

  const motions = sparseMotionsOnnx(g, source, driving, jacobians, size, { anchors, spline });
  const copies = g.node("Expand", [image, g.ints([count, channels, height, width])], [count, channels, height, width]);
  const sparseDeformed = gridSampleOnnx(g, copies, motions, { alignCorners });

  // Channel order: for each candidate its heatmap, then its deformed source.
  const pairs = g.node("Concat", [heatmaps, sparseDeformed], [count, channels + 1, height, width], { axis: 1 });
  const inputDims = [1, denseMotionInputs(config), height, width];
  const input = g.node("Reshape", [pairs, g.ints(inputDims)], inputDims);

  const features = hourglass(g, input, weights, "hourglass", config);
  const masks = softmax(g, conv(g, features, weights, "mask", { channels: count, kernel: 7, padding: 3 }), 1);
  const flow = combineMotionsOnnx(g, motions, masks);
  if (!config.estimateOcclusionMap) return { flow, masks, sparseDeformed };
  const score = conv(g, features, weights, "occlusion", { channels: 1, kernel: 7, padding: 3 });
  return { flow, masks, occlusion: g.node("Sigmoid", [score], score.dims), sparseDeformed };
}

/**
 * Dense motion as a graph of its own, for using it without a generator.
 *
 * Inputs: `image` `[1, 3, h, w]`, `source` `[K, 2]`, `driving` `[K, 2]`, `jacobians` `[K, 2, 2]` (if `firstOrder` or
 * `withSpline`), `anchors` `[K, 2]` and `spline` `[K, K, 2]` (if `withSpline`: any order, chosen at every run).
 * Outputs: `flow`, `masks`, `occlusion` (if estimated), `sparseDeformed`.
 */
export function fommDenseMotionGraph(
  config: FommDenseMotionConfig,
  weights: Weights,
  size: Size,
  {
    alignCorners,
    firstOrder,
    withSpline = false,
  }: { alignCorners: boolean; firstOrder: boolean; withSpline?: boolean },
): Graph {
  const g = new GraphBuilder("fomm_dense_motion");
  const image = g.input("image", [1, config.numChannels, size.height, size.width]);
  const motion = motionInputs(g, config.numKeypoints, { firstOrder, withSpline });
  const outputs = fommDenseMotionOnnx(g, { image, ...motion }, weights, config, { alignCorners });
  for (const [name, value] of Object.entries(outputs)) if (value) g.output(value, name);
  return g.build();
}

/** Declares what says how keypoints move, as inputs of a graph named as `DenseMotionInputs` names them. */
export function motionInputs(
  g: GraphBuilder,
  keypoints: number,
  { firstOrder, withSpline }: { firstOrder: boolean; withSpline: boolean },
): Omit<DenseMotionInputs, "image"> {
  return {
    source: g.input("source", [keypoints, 2]),
    driving: g.input("driving", [keypoints, 2]),
    ...((firstOrder || withSpline) && { jacobians: g.input("jacobians", [keypoints, 2, 2]) }),
    ...(withSpline && {
      anchors: g.input("anchors", [keypoints, 2]),
      spline: g.input("spline", [keypoints, keypoints, 2]),
    }),
  };
}
