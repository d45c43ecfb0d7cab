import fc from "fast-check";
import { expect, test } from "vitest";
import { quantizeWeights } from "./quantize-weights.ts";
import { byteScaleOf } from "./value-range.ts";

const finite = { noNaN: true, noDefaultInfinity: true, min: -8, max: 8 } as const;

test("weights that were quantised before, times a factor per channel, give the same integers", () => {
  const row = fc.array(fc.integer({ min: -127, max: 127 }), { minLength: 3, maxLength: 3 });
  const channel = fc.record({
    integers: row.map((numbers) => [127, ...numbers]),
    scale: fc.float({ min: Math.fround(0.001), max: 1, noNaN: true }),
    factor: fc.constantFrom(0.37, -2.5, 11),
  });
  fc.assert(
    fc.property(fc.array(channel, { minLength: 1, maxLength: 5 }), (channels) => {
      const weights = channels.flatMap(({ integers, scale, factor }) =>
        integers.map((n) => Math.fround(Math.fround(n * scale) * factor)),
      );
      const bias = new Float32Array(channels.length);
      const got = quantizeWeights(Float32Array.from(weights), bias, 0.01);
      const wanted = channels.flatMap(({ integers, factor }) => integers.map((n) => n * Math.sign(factor)));
      expect([...got.weights].map((n) => n + 0)).toEqual(wanted.map((n) => n + 0));
    }),
  );
});

test("a bias too large for 32 bits beside tiny weights makes the weights coarser", () => {
  const { weights, scales, bias } = quantizeWeights(Float32Array.of(1e-9, 1e-9), Float32Array.of(100), 1e-3);
  expect(bias[0]! * scales[0]! * 1e-3).toBeCloseTo(100, 4);
  expect(Math.abs(bias[0]!)).toBeLessThanOrEqual(2 ** 30);
  expect([...weights]).toEqual([0, 0]);
});

test("zero is a byte of every scale, so that padding is exact", () => {
  fc.assert(
    fc.property(fc.float(finite), fc.float(finite), (a, b) => {
      const { scale, zeroPoint } = byteScaleOf([Math.min(a, b), Math.max(a, b)]);
      expect(Number.isInteger(zeroPoint)).toBe(true);
      expect(zeroPoint >= 0 && zeroPoint <= 255).toBe(true);
      expect(scale).toBeGreaterThan(0);
      // Both ends are within half a step of a byte.
      expect(Math.min(a, b, 0)).toBeGreaterThanOrEqual(-scale * (zeroPoint + 0.51));
      expect(Math.max(a, b, 0)).toBeLessThanOrEqual(scale * (255 - zeroPoint + 0.51));
    }),
  );
});
