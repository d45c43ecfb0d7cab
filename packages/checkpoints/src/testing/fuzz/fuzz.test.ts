import { expect, test } from "vitest";
import { type Attempt, attempt } from "./attempt.ts";

// A failure names its seed and iteration; `attempt(seed, iteration)` does the same again.
const iterations = Number(process.env.BUNRAKU_FUZZ ?? 2000);
const seed = Number(process.env.BUNRAKU_FUZZ_SEED ?? 20_190_529);

test(
  `${iterations} damaged files are read or refused, quickly, in little memory, and nothing in them runs`,
  async () => {
    const attempts: Attempt[] = [];
    for (let iteration = 0; iteration < iterations; iteration++) attempts.push(await attempt(seed, iteration));
    const refused = attempts.filter(({ refusal }) => refusal !== undefined).length;
    // Damage that never gets past the first check, or never harms, would test nothing.
    expect(refused).toBeGreaterThan(0.5 * iterations);
    expect(refused).toBeLessThan(0.95 * iterations);
  },
  60_000 + 50 * iterations,
);

test("an attempt can be made again", async () => {
  const { milliseconds: _, ...first } = await attempt(1, 7);
  expect(await attempt(1, 7)).toMatchObject(first);
});
