import { BunrakuError } from "@bunraku/backends";
import { scaledSize } from "@bunraku/warp";
import { type FrameRule, frameRule } from "../frame-rule.ts";
import type { MonkeyNetConfig } from "./monkey-net-config.ts";

/**
 * Which frames an architecture takes (spec 7.15): every net halves what it sees once per block.
 *
 * Scaled sides are rounded down, once per scale factor, so a rule is true only if all its multiples are; some sides that
 * are no multiples would run, too. Maps of a keypoint embedding need two columns for a grid.
 *
 * @throws `UNSUPPORTED` when a scale factor has no such rule
 */
export function monkeyNetFrameRule({ detector, generator, denseMotion, embedding }: MonkeyNetConfig): FrameRule {
  const steps = [2 ** generator.numBlocks, stepOf([detector.scaleFactor], 2 ** detector.numBlocks)];
  if (denseMotion)
    steps.push(stepOf([denseMotion.scaleFactor, denseMotion.embedding.scaleFactor], 2 ** denseMotion.numBlocks));
  return frameRule(steps, embedding ? leastOf(embedding.scaleFactor) : 0);
}

/** As large as the sides of frames get. */
const largestSide = 8192;

/** The smallest side all whose multiples are, scaled by one factor after the other, multiples of `unit`. */
function stepOf(scales: readonly number[], unit: number): number {
  const together = scales.reduce((product, scale) => product * scale, 1);
  for (let times = 1; times <= 64; times++) {
    const side = Math.round((times * unit) / together);
    let fits = true;
    for (let multiple = side; fits && (multiple === side || multiple <= largestSide); multiple += side)
      fits = scales.reduce(scaled, multiple) % unit === 0;
    if (fits) return side;
  }
  const factors = scales.filter((scale) => scale !== 1).join(" and ");
  throw new BunrakuError("UNSUPPORTED", `configuration: scale_factor ${factors} fits no frame of whole pixels.`);
}

/** The smallest side of which two pixels are left. */
function leastOf(scale: number): number {
  let side = Math.floor(2 / scale);
  while (scaled(side, scale) < 2) side++;
  return side;
}

function scaled(side: number, scale: number): number {
  return scaledSize({ height: side, width: side }, scale).height;
}
