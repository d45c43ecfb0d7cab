import fc from "fast-check";
import { expect, test } from "vitest";
import { ValueHistogram } from "./value-histogram.ts";

const histogramOf = (...parts: Float32Array[]) => {
  const histogram = new ValueHistogram();
  for (const part of parts) histogram.add(part);
  return histogram;
};

test("the range is that of all numbers, however they come", () => {
  const numbers = fc.float32Array({ noNaN: true, noDefaultInfinity: true, minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(fc.array(numbers, { minLength: 1, maxLength: 5 }), (parts) => {
      const all = parts.flatMap((part) => [...part]);
      expect(histogramOf(...parts).range).toEqual([Math.min(...all), Math.max(...all)]);
    }),
    { numRuns: 100 },
  );
});

test("a lone number far out is cut off as far as finer steps are worth", () => {
  const count = 100_000;
  const numbers = Float32Array.from({ length: count }, (_, i) => (i % 1000) / 1000);
  numbers[77] = 4;
  const [least, greatest] = histogramOf(numbers).clippedRange;
  // count · (c / 255)² / 12 + (4 - c)² is least there.
  const best = 4 / (1 + count / 12 / 255 ** 2);
  expect(least).toBe(0);
  expect(Math.abs(greatest - best)).toBeLessThan(0.08); // candidates are that far apart
});

test("numbers that fill their range evenly are not cut off", () => {
  const numbers = Float32Array.from({ length: 100_000 }, (_, i) => (i % 1001) / 500 - 1);
  const [least, greatest] = histogramOf(numbers).clippedRange;
  expect([least, greatest]).toEqual([-1, 1]);
});

test("what came before is counted still when the histogram widens", () => {
  const small = Float32Array.from({ length: 50_000 }, (_, i) => (i % 100) / 100);
  const large = Float32Array.of(3);
  expect(histogramOf(small, large).clippedRange).toEqual(histogramOf(large, small).clippedRange);
});

test("a value that is always zero has a range of nothing", () => {
  const histogram = histogramOf(new Float32Array(10));
  expect([histogram.range, histogram.clippedRange].flat().every((bound) => Math.abs(bound) === 0)).toBe(true);
});
