/**
 * Repeats the last column and row where width and height are odd: 4:2:0 video has even sizes.
 *
 * @returns `rgba` itself when nothing is to be done.
 */
export function padToEven(rgba: Uint8ClampedArray, width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(rgba.buffer, rgba.byteOffset, rgba.byteLength);
  const wide = width + (width & 1);
  const high = height + (height & 1);
  if (wide === width && high === height) return bytes;
  const padded = new Uint8Array(wide * high * 4);
  for (let y = 0; y < high; y++) {
    const row = Math.min(y, height - 1) * width * 4;
    padded.set(bytes.subarray(row, row + width * 4), y * wide * 4);
    if (wide > width) padded.copyWithin((y * wide + width) * 4, (y * wide + width - 1) * 4, (y * wide + width) * 4);
  }
  return padded;
}
