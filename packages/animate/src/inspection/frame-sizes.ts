import { BunrakuError } from "@bunraku/backends";
import type { InspectedArchitecture } from "./architectures.ts";

/** Which frames an architecture takes. In pixels; the two sides need not be equal. */
export interface FrameSizes {
  /** Each side is a multiple of this … */
  readonly multipleOf: number;
  /** … and at least this. */
  readonly least: number;
  /** The sides that can be had up to 1024, the first few. */
  readonly examples: readonly number[];
}

const LARGEST = 8192;

/** undefined when no side up to 8192 pixels fits. */
export function frameSizesOf({ sizeStep, expectSize }: InspectedArchitecture): FrameSizes | undefined {
  const fits = (side: number) => {
    try {
      expectSize({ height: side, width: side });
      return true;
    } catch (error) {
      if (BunrakuError.is(error)) return false;
      throw error;
    }
  };
  for (let side = sizeStep; side <= LARGEST; side += sizeStep) {
    if (!fits(side)) continue;
    const examples = [0, 1, 2, 3].map((more) => side + more * sizeStep).filter((size) => size <= 1024);
    return { multipleOf: sizeStep, least: side, examples };
  }
  return undefined;
}
