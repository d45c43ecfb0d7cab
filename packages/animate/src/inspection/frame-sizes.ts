import type { FrameRule } from "../models/frame-rule.ts";

/** Which frames an architecture takes, in pixels; height and width need not be equal. */
export interface FrameSizes extends FrameRule {
  /** The first few sides that fit, up to 1024. */
  readonly examples: readonly number[];
}

export function frameSizesOf({ step, least }: FrameRule): FrameSizes {
  return { step, least, examples: [0, 1, 2, 3].map((more) => least + more * step).filter((side) => side <= 1024) };
}
