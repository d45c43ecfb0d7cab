import { expect, test } from "vitest";
import { floatToHalf, HALF_INFINITY, halfToFloat } from "./half.ts";

test.each([
  { value: 0, half: 0x0000 },
  { value: -0, half: 0x8000 },
  { value: 1, half: 0x3c00 },
  { value: -2, half: 0xc000 },
  { value: 65504, half: 0x7bff },
  { value: 2 ** -14, half: 0x0400 }, // the smallest normal number
  { value: 2 ** -24, half: 0x0001 }, // the smallest number
  { value: 1023 * 2 ** -24, half: 0x03ff },
])("$value is $half, both ways", ({ value, half }) => {
  expect(floatToHalf(value)).toBe(half);
  expect(halfToFloat(half)).toBe(value);
});

test.each([
  { value: 1 + 2 ** -11, half: 0x3c00, why: "a tie goes down to the even one" },
  { value: 1 + 3 * 2 ** -11, half: 0x3c02, why: "a tie goes up to the even one" },
  { value: 1 + 2 ** -11 + 2 ** -20, half: 0x3c01, why: "above the tie goes up" },
  { value: 2 ** -25, half: 0x0000, why: "half of the smallest goes to zero" },
  { value: 1.5 * 2 ** -25, half: 0x0001, why: "more than half of the smallest does not" },
  { value: 2 ** -14 - 2 ** -26, half: 0x0400, why: "a subnormal can round up to a normal number" },
  { value: 65519, half: 0x7bff, why: "below 65520 is the largest number" },
  { value: 65520, half: HALF_INFINITY, why: "from 65520 it is infinity" },
  { value: 1e9, half: HALF_INFINITY, why: "and beyond" },
])("$why", ({ value, half }) => {
  expect(floatToHalf(value)).toBe(half);
});

test("every finite float16 survives the way to float32 and back", () => {
  for (let half = 0; half < 0x10000; half++) {
    if ((half & HALF_INFINITY) === HALF_INFINITY) continue;
    if (floatToHalf(halfToFloat(half)) !== half) expect.fail(`float16 0x${half.toString(16)} changed`);
  }
});

test("not a number stays not a number", () => {
  expect(halfToFloat(floatToHalf(Number.NaN))).toBeNaN();
  expect(halfToFloat(0xfc00)).toBe(Number.NEGATIVE_INFINITY);
});
