import type { Weights } from "@bunraku/backends";
import { conv, featuresAt, resBlock, upBlock } from "@bunraku/backends/layers";
import { type Graph, GraphBuilder, type Value } from "@bunraku/backends/onnx";
import type { Size } from "@bunraku/warp";
import { deformOnnx } from "../deform/deform.onnx.ts";
import { occludeOnnx } from "../occlude/occlude.onnx.ts";
import type { FommGeneratorConfig } from "./generator-config.ts";

/** The motion of one frame, for the generator. */
export interface DecoderMotion {
  /** `[1, h, w, 2]` */
  readonly flow: Value;
  /** `[1, 1, h, w]` */
  readonly occlusion?: Value;
}

/**
 * Warps the source's features by the motion and paints the frame.
 *
 * @param features `[1, C, H/2^n, W/2^n]`, from `fommEncoderOnnx`
 * @param motion Absent for a model without dense motion, which only reconstructs.
 * @returns `[1, 3, H, W]`, RGB in (0, 1)
 * @see spec 1.6, steps 4 to 8
 */
export function fommDecoderOnnx(
  g: GraphBuilder,
  features: Value,
  motion: DecoderMotion | undefined,
  weights: Weights,
  config: FommGeneratorConfig,
  { alignCorners }: { alignCorners: boolean },
): Value {
  let x = features;
  if (motion) x = deformOnnx(g, x, motion.flow, { alignCorners });
  if (motion?.occlusion) x = occludeOnnx(g, x, motion.occlusion);
  for (let i = 0; i < config.numBottleneckBlocks; i++) x = resBlock(g, x, weights, `bottleneck.r${i}`);
  for (let i = 0; i < config.numDownBlocks; i++) {
    x = upBlock(g, x, weights, `up_blocks.${i}`, featuresAt(config, config.numDownBlocks - 1 - i));
  }
  const colours = conv(g, x, weights, "final", { channels: config.numChannels, kernel: 7, padding: 3 });
  return g.node("Sigmoid", [colours], colours.dims);
}

/**
 * The decoder as a graph of its own, for driving a generator with motion from elsewhere.
 *
 * Inputs: `features`, `flow` `[1, h, w, 2]`, `occlusion` `[1, 1, h, w]` (if `occlusion`). Output: `prediction` `[1, 3, H, W]`.
 *
 * @param size of the picture
 * @param motionSize of flow and occlusion
 */
export function fommDecoderGraph(
  config: FommGeneratorConfig,
  weights: Weights,
  size: Size,
  motionSize: Size,
  { alignCorners, occlusion }: { alignCorners: boolean; occlusion: boolean },
): Graph {
  const g = new GraphBuilder("fomm_decoder");
  const step = 2 ** config.numDownBlocks;
  const features = g.input("features", [
    1,
    featuresAt(config, config.numDownBlocks),
    size.height / step,
    size.width / step,
  ]);
  const flow = g.input("flow", [1, motionSize.height, motionSize.width, 2]);
  const map = occlusion ? g.input("occlusion", [1, 1, motionSize.height, motionSize.width]) : undefined;
  g.output(
    fommDecoderOnnx(g, features, { flow, ...(map && { occlusion: map }) }, weights, config, { alignCorners }),
    "prediction",
  );
  return g.build();
}
