/**
 * The mean over a square of side 2 radius + 1; at the border over the part of it that is inside.
 *
 * @param map `[height, width]`, borrowed
 * @returns A new map of the same size
 */
export function boxBlur(map: Float32Array, height: number, width: number, radius: number): Float32Array {
  const rows = new Float32Array(map.length);
  for (let y = 0; y < height; y++) blurLine(map, rows, y * width, 1, width, radius);
  const out = new Float32Array(map.length);
  for (let x = 0; x < width; x++) blurLine(rows, out, x, width, height, radius);
  return out;
}

/** One row or column, with a running sum. */
function blurLine(
  from: Float32Array,
  to: Float32Array,
  start: number,
  step: number,
  length: number,
  radius: number,
): void {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < Math.min(radius, length); i++) {
    sum += from[start + i * step]!;
    count++;
  }
  for (let i = 0; i < length; i++) {
    if (i + radius < length) {
      sum += from[start + (i + radius) * step]!;
      count++;
    }
    if (i - radius - 1 >= 0) {
      sum -= from[start + (i - radius - 1) * step]!;
      count--;
    }
    to[start + i * step] = sum / count;
  }
}
