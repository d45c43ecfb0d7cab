import fc from "fast-check";
import { expect, test } from "vitest";
import { median, summarize } from "./statistics.ts";

const pair = (baseline: number, ours: number) => ({ baseline: { ms: baseline }, ours: { ms: ours } });

test("a ratio above 1 says that ours takes less time, pair by pair", () => {
  expect(summarize([pair(200, 100), pair(900, 300), pair(150, 150)])).toEqual({
    ratioMedian: 2,
    ratioMin: 1,
    ratioMax: 3,
    ms: 150,
    baselineMs: 200,
  });
});

test("ratios are of the cost where there is one, and times stay times", () => {
  const summary = summarize([{ baseline: { ms: 5, cost: 300 }, ours: { ms: 7, cost: 100 } }]);
  expect(summary).toEqual({ ratioMedian: 3, ratioMin: 3, ratioMax: 3, ms: 7, baselineMs: 5 });
});

test("a machine that slows down for both changes no ratio", () => {
  const positive = fc.double({ min: 0.1, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(positive, positive, fc.array(positive, { minLength: 1 }), (baseline, ours, slowness) => {
      const { ratioMin, ratioMedian, ratioMax } = summarize(slowness.map((by) => pair(baseline * by, ours * by)));
      for (const ratio of [ratioMin, ratioMedian, ratioMax]) expect(ratio / (baseline / ours)).toBeCloseTo(1, 9);
    }),
  );
});

test("the median is the middle of an odd number of values, and the mean of the two middle ones of an even number", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 7])).toBe(6);
  expect(() => median([])).toThrow("got none");
});

test("half of all values are at most the median, half at least", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }), (values) => {
      const middle = median(values);
      expect(values.filter((value) => value <= middle).length * 2).toBeGreaterThanOrEqual(values.length);
      expect(values.filter((value) => value >= middle).length * 2).toBeGreaterThanOrEqual(values.length);
    }),
  );
});
