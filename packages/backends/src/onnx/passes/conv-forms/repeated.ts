/** `count` copies of `block`, one after the other. */
export function repeated(block: Float32Array, count: number): Float32Array {
  const all = new Float32Array(count * block.length);
  for (let i = 0; i < count; i++) all.set(block, i * block.length);
  return all;
}
