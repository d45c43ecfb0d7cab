/** Whole numbers that look random and are the same for the same seed: mulberry32. */
export function randomNumbers(seed: number) {
  let state = Math.imul(seed, 0x9e3779b1);
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  return { below, of: <T>(items: readonly T[]): T => items[below(items.length)]! };
}
