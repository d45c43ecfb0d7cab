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
 * U-Net: down blocks, then up blocks, each joined with the encoder's map of its size.
 *
 * `[1, I, H, W]` → `[1, f(0) + I, H, W]`; H and W must be multiples of 2^numBlocks.
 *
 * @see spec 1.3; keys `${name}.encoder.down_blocks.i`, `${name}.decoder.up_blocks.i` (0 is the deepest)
 */
export function hourglass(g: GraphBuilder, x: Value, weights: Weights, name: string, config: HourglassConfig): Value {
  const levels = encoder(g, x, weights, `${name}.encoder`, config);
  return decoder(g, levels, weights, `${name}.decoder`, config);
}

/**
 * The way down: every level from the input itself to `[1, f(n), H/2^n, W/2^n]`.
 *
 * @see spec 1M.1; keys `${name}.down_blocks.i`
 */
export function encoder(g: GraphBuilder, x: Value, weights: Weights, name: string, config: HourglassConfig): Value[] {
  const levels = [x];
  for (let level = 1; level <= config.numBlocks; level++) {
    levels.push(downBlock(g, levels.at(-1)!, weights, `${name}.down_blocks.${level - 1}`, featuresAt(config, level)));
  }
  return levels;
}

/**
 * The way up: each block's result is joined with the level of its size (up-sampled part first, skip second).
 *
 * @param levels as `encoder` gives them, whatever channels they have; the result ends with the first
 * @see spec 1M.1; keys `${name}.up_blocks.i` (0 is the deepest)
 */
export function decoder(
  g: GraphBuilder,
  levels: readonly Value[],
  weights: Weights,
  name: string,
  config: HourglassConfig,
): Value {
  let decoded = levels[config.numBlocks]!;
  for (let level = config.numBlocks - 1; level >= 0; level--) {
    const block = `${name}.up_blocks.${config.numBlocks - 1 - level}`;
    const up = upBlock(g, decoded, weights, block, featuresAt(config, level));
    const skip = levels[level]!;
    const [, channels, height, width] = up.dims as [number, number, number, number];
    decoded = g.node("Concat", [up, skip], [1, channels + skip.dims[1]!, height, width], { axis: 1 });
  }
  return decoded;
}
