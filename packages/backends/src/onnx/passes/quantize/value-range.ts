/** The least and the greatest number that a value takes. */
export type ValueRange = readonly [least: number, greatest: number];

/** How bytes stand for numbers: number = scale · (byte - zeroPoint). */
export interface ByteScale {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Spreads the 256 values of a byte over a range, which is widened to hold zero: padding must be exact. */
export function byteScaleOf([least, greatest]: ValueRange): ByteScale {
  const [from, to] = [Math.min(least, 0), Math.max(greatest, 0)];
  // In float32, as runtimes hold it; a value that is always zero still needs a scale.
  const scale = Math.fround((to - from) / 255) || 1;
  return { scale, zeroPoint: Math.min(255, Math.max(0, Math.round(-from / scale))) };
}

/** The range that bytes of a scale can express. */
export function rangeOf({ scale, zeroPoint }: ByteScale): ValueRange {
  return [-zeroPoint * scale, (255 - zeroPoint) * scale];
}

/** The least range that holds all of them. */
export function hullOf(ranges: readonly ValueRange[]): ValueRange {
  return [Math.min(...ranges.map(([least]) => least)), Math.max(...ranges.map(([, greatest]) => greatest))];
}
