import type { Weights } from "@bunraku/backends";
import { downBlock, featuresAt, sameBlock } from "@bunraku/backends/layers";
import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import type { FommGeneratorConfig } from "./generator-config.ts";

/**
 * The part of the generator that depends on the source alone; computed once, used for every frame.
 *
 * `[1, 3, H, W]` → `[1, f(n), H/2^n, W/2^n]`, n down blocks
 *
 * @see spec 1.6, steps 1 and 2
 */
export function fommEncoderOnnx(g: GraphBuilder, image: Value, weights: Weights, config: FommGeneratorConfig): Value {
  let x = sameBlock(g, image, weights, "first", { channels: featuresAt(config, 0), kernel: 7, padding: 3 });
  for (let i = 0; i < config.numDownBlocks; i++)
    x = downBlock(g, x, weights, `down_blocks.${i}`, featuresAt(config, i + 1));
  return x;
}
