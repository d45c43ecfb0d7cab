import type { Weights } from "@bunraku/backends";
import { scoped } from "@bunraku/backends/layers";
import { type Graph, GraphBuilder } from "@bunraku/backends/onnx";
import { deformOnnx, fommDecoderOnnx, fommEncoderOnnx } from "@bunraku/generator/onnx";
import { fommDenseMotionOnnx, motionInputs } from "@bunraku/motion/onnx";
import type { Size } from "@bunraku/warp";
import { antiAliasDownOnnx } from "@bunraku/warp/onnx";
import type { FommConfig } from "./fomm-config.ts";

/**
 * What depends on the source picture alone, as a graph: run once per source.
 *
 * Input: `image` `[1, 3, H, W]`. Outputs: `features` `[1, C, H/2^n, W/2^n]`, `small` `[1, 3, h, w]` (for dense motion).
 *
 * @param weights module `generator` of a checkpoint
 */
export function fommSourceGraph(config: FommConfig, weights: Weights, { height, width }: Size): Graph {
  const g = new GraphBuilder("fomm_source");
  const image = g.input("image", [1, 3, height, width]);
  g.output(fommEncoderOnnx(g, image, weights, config.generator), "features");
  if (config.denseMotion) g.output(antiAliasDownOnnx(g, image, config.denseMotion.scaleFactor), "small");
  return g.build();
}

/**
 * One frame, as a graph: dense motion, warp, occlusion and decoder.
 *
 * Inputs: `features`, `small` (from `fommSourceGraph`), `source` `[K, 2]`, `driving` `[K, 2]`, `jacobians` `[K, 2, 2]`
 * (J_k, when the model estimates jacobians, or `withSpline`), `anchors` `[K, 2]` and `spline` `[K, K, 2]` (of
 * `dialMotion`, when `withSpline`), `image` `[1, 3, H, W]` (only read for `deformed`).
 * Outputs: `prediction` `[1, 3, H, W]`, `flow` `[1, h, w, 2]`, `masks` `[1, K + 1, h, w]`, `occlusion` `[1, 1, h, w]`,
 * `sparseDeformed` `[K + 1, 3, h, w]`, and `deformed` `[1, 3, H, W]` when `withDeformed`.
 *
 * @param weights module `generator` of a checkpoint
 * @param options.withSpline Whether a frame may choose its order of motion, thin-plate splines among them. @default false
 */
export function fommFrameGraph(
  config: FommConfig,
  weights: Weights,
  { height, width }: Size,
  {
    alignCorners,
    withDeformed = false,
    withSpline = false,
  }: { alignCorners: boolean; withDeformed?: boolean; withSpline?: boolean },
): Graph {
  const { denseMotion, detector, generator } = config;
  const g = new GraphBuilder("fomm_frame");
  const step = 2 ** generator.numDownBlocks;
  const channels = Math.min(generator.maxFeatures, generator.blockExpansion * step);
  const features = g.input("features", [1, channels, height / step, width / step]);
  if (!denseMotion) {
    g.output(fommDecoderOnnx(g, features, undefined, weights, generator, { alignCorners }), "prediction");
    return g.build();
  }
  const stride = Math.trunc(1 / denseMotion.scaleFactor);
  const small = g.input("small", [1, 3, height / stride, width / stride]);
  const choices = { firstOrder: detector.estimateJacobian, withSpline };
  const inputs = { image: small, ...motionInputs(g, denseMotion.numKeypoints, choices) };
  const motion = fommDenseMotionOnnx(g, inputs, scoped(weights, "dense_motion_network."), denseMotion, {
    alignCorners,
  });
  g.output(fommDecoderOnnx(g, features, motion, weights, generator, { alignCorners }), "prediction");
  for (const [name, value] of Object.entries(motion)) if (value) g.output(value, name);
  if (withDeformed) {
    const image = g.input("image", [1, 3, height, width]);
    g.output(deformOnnx(g, image, motion.flow, { alignCorners }), "deformed");
  }
  return g.build();
}
