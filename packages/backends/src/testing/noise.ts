import { sizeOf, type Tensor, tensor } from "../contract/tensor.ts";

/**
 * Numbers that look random and are the same every time and everywhere: uniform in [low, high), mulberry32.
 *
 * @param seed Another seed, other numbers. @default 1
 * @param range `[low, high)` @default [-1, 1)
 * @example const image = noise([1, 3, 5, 7], 1, [0, 1]);
 */
export function noise<const S extends readonly number[]>(
  dims: S,
  seed = 1,
  [low, high]: readonly [number, number] = [-1, 1],
): Tensor<"float32", S> {
  const data = new Float32Array(sizeOf(dims));
  let state = Math.imul(seed, 0x9e3779b1);
  for (let i = 0; i < data.length; i++) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    data[i] = low + (((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * (high - low);
  }
  return tensor("float32", data, dims);
}
