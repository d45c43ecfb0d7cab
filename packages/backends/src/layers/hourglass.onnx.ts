import type { Weights } from "../contract/backend.ts";
import type { GraphBuilder, Value } from "../onnx/graph-builder.ts";
import { downBlock, upBlock } from "./blocks.onnx.ts";

export interface HourglassConfig {
  /** Channels of the first level; level i has `min(maxFeatures, blockExpansion * 2^i)`. */
  readonly blockExpansion: number;
  readonly maxFeatures: number;
  /** Levels down, and up again. */
  readonly numBlocks: number;
}

/** Channels of level i (spec, notation: f(i)). */
export function featuresAt({ blockExpansion, maxFeatures }: Omit<HourglassConfig, "numBlocks">, level: number): number {
  return Math.min(maxFeatures, blockExpansion * 2 ** level);
}

/** Channels that an hourglass returns for `inputs` channels: its last level beside the raw input. */
export function hourglassChannels(config: HourglassConfig, inputs: number): number {
  return featuresAt(config, 0) + inputs;
}

/**
 * U-Net: down blocks, then up blocks, each joined with the encoder's map of its size (up-sampled part first, skip second).
 *
 * `[1, I, H, W]` → `[1, f(0) + I, H, W]`; H and W must be multiples of 2^numBlocks.
 *
 * @see spec 1.3; keys `${name}.encoder.down_blocks.i`, `${name}.decoder.up_blocks.i` (0 is the deepest)
 */
export function hourglass(g: GraphBuilder, x: Value, weights: Weights, name: string, config: HourglassConfig): Value {
  const levels = [x];
  for (let level = 1; level <= config.numBlocks; level++) {
    levels.push(
      downBlock(g, levels.at(-1)!, weights, `${name}.encoder.down_blocks.${level - 1}`, featuresAt(config, level)),
    );
  }
  let decoded = levels.pop()!;
  for (let block = 0; block < config.numBlocks; block++) {
    const skip = levels.pop()!;
    const up = upBlock(
      g,
      decoded,
      weights,
      `${name}.decoder.up_blocks.${block}`,
      featuresAt(config, config.numBlocks - 1 - block),
    );
    const [, channels, height, width] = up.dims as [number, number, number, number];
    decoded = g.node("Concat", [up, skip], [1, channels + skip.dims[1]!, height, width], { axis: 1 });
  }
  return decoded;
}
