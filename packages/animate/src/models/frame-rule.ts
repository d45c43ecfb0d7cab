import { BunrakuError } from "@bunraku/backends";
import type { Size } from "@bunraku/warp";

/** Which frames an architecture takes, in pixels; height and width need not be equal. */
export interface FrameRule {
  /** Each side is a multiple of this … */
  readonly step: number;
  /** … and at least this. */
  readonly least: number;
}

/** The rule for sides that are multiples of all `steps` and at least `least`. */
export function frameRule(steps: readonly number[], least: number): FrameRule {
  const step = steps.reduce(leastCommonMultiple, 1);
  return { step, least: Math.max(step, Math.ceil(least / step) * step) };
}

/**
 * Checks that an architecture can run at a frame size.
 *
 * @throws `MODEL` naming the nearest sizes that fit
 */
export function expectFrameSize({ step, least }: FrameRule, { height, width }: Size): void {
  for (const [side, value] of [
    ["height", height],
    ["width", width],
  ] as const) {
    if (Number.isInteger(value) && value >= least && value % step === 0) continue;
    const steps = Math.floor(value / step);
    const below = Number.isFinite(steps) ? Math.max(least, steps * step) : least;
    const above = Number.isFinite(steps) ? Math.max(least, (steps + 1) * step) : least;
    const fits = below === above ? `${above}` : `${below} or ${above}`;
    throw new BunrakuError(
      "MODEL",
      `frame size: for this model the ${side} must be a multiple of ${step} of at least ${least}, got ${value}. Use ${fits}.`,
    );
  }
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
