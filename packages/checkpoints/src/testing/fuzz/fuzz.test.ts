import { expect, test } from "vitest";
import { type Attempt, attempt } from "./attempt.ts";

// A failure names its seed and iteration; `attempt(seed, iteration)` does the same again.
test("2000 damaged files are read or refused, quickly, in little memory, and nothing in them runs", async () => {
  const attempts: Attempt[] = [];
  for (let iteration = 0; iteration < 2000; iteration++) attempts.push(await attempt(20_190_529, iteration));
  const refused = attempts.filter(({ refusal }) => refusal !== undefined).length;
  // Damage that never gets past the first check, or never harms, would test nothing.
  expect(refused).toBeGreaterThan(1000);
  expect(refused).toBeLessThan(1900);
});

test("an attempt can be made again", async () => {
  const { milliseconds: _, ...first } = await attempt(1, 7);
  expect(await attempt(1, 7)).toMatchObject(first);
});
