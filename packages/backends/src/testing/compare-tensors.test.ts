import { expect, test } from "vitest";
import { tensor } from "../contract/tensor.ts";
import { compareTensors } from "./compare-tensors.ts";

const floats = (...values: number[]) => tensor("float32", Float32Array.from(values), [values.length]);

test("equal tensors are at distance 0, also where they are not numbers", () => {
  const same = floats(1, Number.NaN, Number.POSITIVE_INFINITY, 0);
  expect(compareTensors(same, floats(1, Number.NaN, Number.POSITIVE_INFINITY, -0))).toEqual({
    maxAbsError: 0,
    meanAbsError: 0,
    maxRelError: 0,
    worst: -1,
  });
});

test("the largest difference and its place are found", () => {
  expect(compareTensors(floats(1, 2, 6), floats(1, 4, 5))).toEqual({
    maxAbsError: 2,
    meanAbsError: 1,
    maxRelError: 0.5,
    worst: 1,
  });
});

test("a NaN on one side is never within a tolerance", () => {
  const { maxAbsError, worst } = compareTensors(floats(9, Number.NaN), floats(1, 1));
  expect(maxAbsError).toBeNaN();
  expect(worst).toBe(1);
});

test("64-bit integers are compared as numbers", () => {
  const longs = (value: bigint) => tensor("int64", BigInt64Array.of(value), [1]);
  expect(compareTensors(longs(3n), longs(5n)).maxAbsError).toBe(2);
});

test("tensors of other dims or types are not compared", () => {
  expect(() => compareTensors(floats(1), floats(1, 2))).toThrow("compare: expected float32 [2], got float32 [1].");
});
