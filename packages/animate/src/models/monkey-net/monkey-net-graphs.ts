import type { Weights } from "@bunraku/backends";
import { featuresAt, scoped } from "@bunraku/backends/layers";
import { type Graph, GraphBuilder, type Value } from "@bunraku/backends/onnx";
import { monkeyNetDecoderOnnx, monkeyNetEncoderOnnx } from "@bunraku/generator/onnx";
import { monkeyNetDenseMotionOnnx, motionInputs, movementEmbeddingOnnx, sparseMotionsOnnx } from "@bunraku/motion/onnx";
import { type Size, scaledSize } from "@bunraku/warp";
import { resizeNearestOnnx } from "@bunraku/warp/onnx";
import type { MonkeyNetConfig } from "./monkey-net-config.ts";

/**
 * What depends on the source picture alone, as a graph: run once per source.
 *
 * Input: `image` `[1, 3, H, W]`. Outputs: `level1` … `levelN`, `[1, f(i), H/2^i, W/2^i]`.
 *
 * @param weights module `generator` of a checkpoint
 */
export function monkeyNetSourceGraph(config: MonkeyNetConfig, weights: Weights, { height, width }: Size): Graph {
  const g = new GraphBuilder("monkey_net_source");
  const image = g.input("image", [1, config.generator.numChannels, height, width]);
  const levels = monkeyNetEncoderOnnx(g, image, weights, config.generator);
  for (const [i, level] of levels.entries()) if (i > 0) g.output(level, `level${i}`);
  return g.build();
}

export interface MonkeyNetFrameOptions {
  readonly alignCorners: boolean;
  /** Whether a frame may choose its order of motion, thin-plate splines among them. @default false */
  readonly withSpline?: boolean;
}

/**
 * One frame, as a graph: dense motion, warps and decoder.
 *
 * Inputs: `image` `[1, 3, H, W]`, `level1` … `levelN` (from `monkeyNetSourceGraph`), `source` and `driving` `[K, 2]`,
 * `sourcePrecisions` and `drivingPrecisions` `[K, 2, 2]` (inverse covariances), and with `withSpline` `jacobians`
 * `[K, 2, 2]`, `anchors` `[K, 2]` and `spline` `[K, K, 2]`, of `dialMotion`.
 * Outputs: `prediction` and `deformed` `[1, 3, H, W]`, and with dense motion `flow` `[1, h, w, 2]`, `masks`
 * `[1, K + 1, h, w]` (with `use_mask`), `sparseDeformed` `[K + 1, 3, h, w]` (where its embedding shows it).
 *
 * @param weights module `generator` of a checkpoint
 * @see spec 1M.4, 1M.5
 */
export function monkeyNetFrameGraph(
  config: MonkeyNetConfig,
  weights: Weights,
  { height, width }: Size,
  { alignCorners, withSpline = false }: MonkeyNetFrameOptions,
): Graph {
  const { denseMotion, embedding, generator } = config;
  const { numKeypoints: count } = config.detector;
  const g = new GraphBuilder("monkey_net_frame");
  const image = g.input("image", [1, generator.numChannels, height, width]);
  const levels = [image];
  for (let i = 1; i <= generator.numBlocks; i++)
    levels.push(g.input(`level${i}`, [1, featuresAt(generator, i), height / 2 ** i, width / 2 ** i]));
  if (!denseMotion && !embedding) {
    g.output(monkeyNetDecoderOnnx(g, levels, {}, weights, generator, { alignCorners }).prediction, "prediction");
    return g.build();
  }

  const { source, driving, jacobians, ...bends } = motionInputs(g, count, { firstOrder: false, withSpline });
  const keypoints = {
    source,
    driving,
    sourcePrecisions: g.input("sourcePrecisions", [count, 2, 2]),
    drivingPrecisions: g.input("drivingPrecisions", [count, 2, 2]),
  };
  const motionsOf = (size: Size) => sparseMotionsOnnx(g, source, driving, jacobians, size, bends);
  const motion =
    denseMotion &&
    monkeyNetDenseMotionOnnx(
      g,
      { image, ...keypoints, motionsOf },
      scoped(weights, "dense_motion_module."),
      denseMotion,
      { alignCorners },
    );
  let embedded: Value | undefined;
  if (embedding) {
    const size = scaledSize({ height, width }, embedding.scaleFactor);
    const small = resizeNearestOnnx(g, image, size);
    const inputs = { image: small, ...keypoints, motions: motionsOf(size) };
    embedded = movementEmbeddingOnnx(g, inputs, embedding, { alignCorners }).embedding;
  }
  const frame = { ...(motion && { flow: motion.flow }), ...(embedded && { embedding: embedded }) };
  const { prediction, deformed } = monkeyNetDecoderOnnx(g, levels, frame, weights, generator, { alignCorners });
  g.output(prediction, "prediction");
  if (!motion) return g.build();
  g.output(deformed, "deformed");
  for (const [name, value] of Object.entries(motion)) if (value) g.output(value, name);
  return g.build();
}
