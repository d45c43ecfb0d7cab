import { expect, test } from "vitest";
import { noise } from "./noise.ts";

test("the same seed gives the same numbers", () => {
  expect([...noise([2, 2], 7).data]).toEqual([...noise([2, 2], 7).data]);
});

test("another seed gives other numbers", () => {
  expect(noise([4], 1).data[0]).not.toBe(noise([4], 2).data[0]);
});

test("numbers fill the range and stay inside it", () => {
  const { data } = noise([10_000], 3, [2, 5]);
  const smallest = Math.min(...data);
  const largest = Math.max(...data);
  expect([smallest >= 2, smallest < 2.01, largest > 4.99, largest <= 5]).toEqual([true, true, true, true]);
});

test("their mean is the middle of the range", () => {
  const { data } = noise([10_000], 4, [0, 1]);
  expect(data.reduce((sum, value) => sum + value, 0) / data.length).toBeCloseTo(0.5, 1);
});
