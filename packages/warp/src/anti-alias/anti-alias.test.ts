import { readFileSync } from "node:fs";
import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import fc from "fast-check";
import { expect, test } from "vitest";
import { antiAliasDown, antiAliasStride, antiAliasTaps } from "./anti-alias.ts";

test.each([
  [0.5, [0.000263865, 0.106450772, 0.786570726]],
  [0.25, [0.000089221, 0.001028197, 0.007597402, 0.035994348, 0.109341175, 0.212967529, 0.265964257]],
])("the taps of scale %d are those of the authors", (scale, edgeToCentre) => {
  const taps = antiAliasTaps(scale);
  expect(taps.length).toBe(2 * edgeToCentre.length - 1);
  for (const [i, tap] of edgeToCentre.entries()) {
    expect(taps[i]).toBeCloseTo(tap, 8);
    expect(taps[taps.length - 1 - i]).toBe(taps[i]);
  }
});

test("scale 0.125 has 29 taps, the middle one 0.113987186", () => {
  expect(antiAliasTaps(0.125).length).toBe(29);
  expect(antiAliasTaps(0.125)[14]).toBeCloseTo(0.113987186, 8);
});

test("half a tap is rounded as Python rounds, to even", () => {
  // 4 sigma = 2 (1/scale - 1) is 2.5 at scale 1/2.25: two taps on each side, not three.
  expect(antiAliasTaps(1 / 2.25).length).toBe(5);
  // 4 sigma = 3.5 at scale 1/2.75: four.
  expect(antiAliasTaps(1 / 2.75).length).toBe(9);
});

test("taps sum to one", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.05, max: 1, noNaN: true }), (scale) => {
      expect(antiAliasTaps(scale).reduce((sum, tap) => sum + tap, 0)).toBeCloseTo(1, 12);
    }),
  );
});

test("scale 1 has one tap of one", () => {
  expect([...antiAliasTaps(1)]).toEqual([1]);
});

const golden = JSON.parse(
  readFileSync(new URL("../../../../fixtures/golden/misc_fomm.json", import.meta.url), "utf8"),
) as { pyramid: Record<string, { shape: number[]; mean: number[]; corner: number[]; mid: number[] }> };

test.each([1, 0.5, 0.25, 0.125])("the pyramid at scale %d is PyTorch's", (scale) => {
  const { shape, mean, corner, mid } = golden.pyramid[`prediction_${scale}`]!;
  const small = antiAliasDown(proceduralImage({ height: 64, width: 64 }, 2), scale);
  expect(small.dims).toEqual(shape);
  const side = small.dims[2];
  const at = (c: number, y: number, x: number) => small.data[(c * side + y) * side + x];
  const third = Math.floor(side / 3);
  for (let c = 0; c < 3; c++) {
    expect(at(c, 0, 0)).toBeCloseTo(corner[c]!, 5);
    expect(at(c, side / 2, third)).toBeCloseTo(mid[c]!, 5);
  }
  expect(small.data.reduce((sum, value) => sum + value, 0) / small.data.length).toBeCloseTo(mean[0]!, 5);
});

test("rows and columns 0, s, 2s, … are kept: a size that s does not divide is rounded up", () => {
  expect(antiAliasDown(noise([2, 3, 9, 5]), 0.25).dims).toEqual([2, 3, 3, 2]);
});

test("the step is 1/scale cut to a whole number", () => {
  expect([1, 0.5, 0.4, 0.125].map(antiAliasStride)).toEqual([1, 2, 2, 8]);
});

test("constants are kept where the kernel fits, and darken at the border", () => {
  const flat = tensor("float32", new Float32Array(20 * 12).fill(1), [1, 1, 20, 12]);
  const { data } = antiAliasDown(flat, 0.5); // [10, 6], two pixels on each side
  const at = (y: number, x: number) => data[y * 6 + x]!;
  expect(at(5, 3)).toBeCloseTo(1, 6);
  expect(at(1, 1)).toBeCloseTo(1, 6); // pixel 2 has its two neighbours
  const half = 0.786570726 + 0.106450772 + 0.000263865; // what is left of the kernel at pixel 0
  expect(at(0, 3)).toBeCloseTo(half, 6);
  expect(at(0, 0)).toBeCloseTo(half * half, 6);
});

test("scale 1 is a copy", () => {
  const image = noise([1, 2, 3, 4]);
  const copy = antiAliasDown(image, 1);
  expect(copy.data).toEqual(image.data);
  expect(copy.data).not.toBe(image.data);
});

test.each([0, -0.5, 1.5, Number.NaN])("a scale of %d is refused", (scale) => {
  expect(() => antiAliasDown(noise([1, 1, 4, 4]), scale)).toThrow(
    `scale_factor: expected a number in (0, 1], got ${scale}.`,
  );
});

test("wrong shapes are named", () => {
  expect(() => antiAliasDown(noise([3, 4, 4]), 0.5)).toThrow(
    "antiAliasDown image: expected [N, C, H, W], got [3, 4, 4].",
  );
});
