import type { Weights } from "@bunraku/backends";
import { conv, decoder, resBlock, withoutDepth } from "@bunraku/backends/layers";
import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import { resizeBilinearOnnx, resizeNearestOnnx } from "@bunraku/warp/onnx";
import { deformOnnx } from "../deform/deform.onnx.ts";
import type { MonkeyNetGeneratorConfig } from "./generator-config.ts";

/** What one frame adds to the source's levels. */
export interface MonkeyNetFrame {
  /** `[1, h, w, 2]`; absent for a model without dense motion, whose levels stay in place */
  readonly flow?: Value;
  /** `[1, K, h, w]`: the keypoint embedding, where the model has one */
  readonly embedding?: Value;
}

/**
 * Warps every level of the source by the motion, joins the keypoint embedding to it, and paints the frame.
 *
 * @param levels from `monkeyNetEncoderOnnx`, the picture itself first
 * @returns `prediction` `[1, 3, H, W]`, RGB in (0, 1), and `deformed` `[1, 3, H, W]`, the warped source
 * @see spec 1M.5, steps 3 to 6
 */
export function monkeyNetDecoderOnnx(
  g: GraphBuilder,
  levels: readonly Value[],
  { flow, embedding }: MonkeyNetFrame,
  weights: Weights,
  config: MonkeyNetGeneratorConfig,
  { alignCorners }: { alignCorners: boolean },
): { prediction: Value; deformed: Value } {
  const flat = withoutDepth(weights);
  const { interpolation } = config;
  const deformed = flow ? levels.map((level) => deformOnnx(g, level, flow, { alignCorners, interpolation })) : levels;
  const joined = embedding ? deformed.map((level) => joinOnnx(g, level, embedding, interpolation)) : deformed;
  let x = decoder(g, joined, flat, "video_decoder", config);
  for (let i = 0; i < config.numRefinementBlocks; i++) x = resBlock(g, x, flat, `refinement_module.r${i}`);
  const colours = conv(g, x, flat, "refinement_module.conv-last", { channels: config.numChannels, kernel: 1 });
  return { prediction: g.node("Sigmoid", [colours], colours.dims), deformed: deformed[0]! };
}

/** A level with the embedding, resized to it, behind. */
function joinOnnx(
  g: GraphBuilder,
  level: Value,
  embedding: Value,
  interpolation: MonkeyNetGeneratorConfig["interpolation"],
): Value {
  const [, channels, height, width] = level.dims as [number, number, number, number];
  const resize = interpolation === "nearest" ? resizeNearestOnnx : resizeBilinearOnnx;
  const resized = resize(g, embedding, { height, width });
  return g.node("Concat", [level, resized], [1, channels + embedding.dims[1]!, height, width], { axis: 1 });
}
