/** float16 (IEEE 754 binary16), which the oldest runtimes that bunraku supports have no typed array for. */

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** The infinity that `floatToHalf` gives for what is too large: 65520 and above. */
export const HALF_INFINITY = 0x7c00;

/** The number that 16 bits stand for. Exact. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  scratchBits[0] = ((half & 0x8000) << 16) | ((exponent + 112) << 23) | (fraction << 13);
  return scratch[0]!;
}

/** The nearest float16, as bits; ties go to the even one, like the hardware. */
export function floatToHalf(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x47800000) return sign | HALF_INFINITY; // 65536 and above
  if (magnitude < 0x38800000) return sign | subnormalHalf(magnitude); // below 2^-14
  // Adding half a unit less one, plus the last kept bit, rounds to nearest even; a carry into the exponent is right.
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
}

function subnormalHalf(magnitude: number): number {
  const shift = 126 - (magnitude >>> 23); // from the float's units to units of 2^-24
  if (shift > 24) return 0;
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const kept = mantissa >>> shift;
  const rest = mantissa & ((1 << shift) - 1);
  const tie = 1 << (shift - 1);
  return rest > tie || (rest === tie && kept & 1) ? kept + 1 : kept;
}
