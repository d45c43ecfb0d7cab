import type { Weights } from "@bunraku/backends";
import { encoder, withoutDepth } from "@bunraku/backends/layers";
import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import type { MonkeyNetGeneratorConfig } from "./generator-config.ts";

/**
 * The part of the generator that depends on the source alone; computed once, used for every frame.
 *
 * `[1, 3, H, W]` → the picture itself and n levels, `[1, f(i), H/2^i, W/2^i]`
 *
 * @see spec 1M.5, step 1
 */
export function monkeyNetEncoderOnnx(
  g: GraphBuilder,
  image: Value,
  weights: Weights,
  config: MonkeyNetGeneratorConfig,
): Value[] {
  return encoder(g, image, withoutDepth(weights), "appearance_encoder", config);
}
