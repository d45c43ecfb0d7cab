import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import type { Image } from "@bunraku/warp";
import { expect, test } from "vitest";
import { blendWeights } from "./blend-weights.ts";

const side = 32;

/** A picture of one grey, with a square patch of another. */
function grey(value: number, patch?: { value: number; from: number; to: number }): Image {
  const data = new Float32Array(3 * side * side).fill(value);
  if (patch)
    for (let c = 0; c < 3; c++)
      for (let y = patch.from; y < patch.to; y++)
        data.fill(patch.value, (c * side + y) * side + patch.from, (c * side + y) * side + patch.to);
  return tensor("float32", data, [1, 3, side, side]);
}

const seen = (value: number, size = 8) =>
  tensor("float32", new Float32Array(size * size).fill(value), [1, 1, size, size]);

/** The weight all pixels share; NaN when they do not. */
const everywhere = ({ weights }: { weights: Float32Array }) =>
  weights.every((weight) => weight === weights[0]) ? weights[0]! : Number.NaN;

test("identical pictures that are seen everywhere are painted nowhere", () => {
  const picture = noise([1, 3, side, side], 1, [0, 1]);
  expect(everywhere(blendWeights(picture, picture, seen(1)))).toBe(0);
});

test("what the source does not show is painted, however alike the pictures", () => {
  const picture = noise([1, 3, side, side], 1, [0, 1]);
  expect(everywhere(blendWeights(picture, picture, seen(0)))).toBe(1);
});

test("without an occlusion map only difference paints", () => {
  expect(everywhere(blendWeights(grey(0.5), grey(0.5), undefined))).toBe(0);
  expect(everywhere(blendWeights(grey(0.2), grey(0.8), undefined))).toBe(1);
});

test("occlusion fades painting smoothly: none from 0.75, half at 0.5, all up to 0.25", () => {
  const at = (value: number) => blendWeights(grey(0.5), grey(0.5), seen(value)).weights[0];
  expect([at(0.75), at(0.5), at(0.25)]).toEqual([0, 0.5, 1]);
  expect(at(0.625)).toBeCloseTo(1 - 0.84375, 6); // smoothstep of 3/4
});

test("the ranges are options", () => {
  const occlusion = blendWeights(grey(0.5), grey(0.5), seen(0.5), { occlusionRange: [0.5, 0.9] });
  expect(everywhere(occlusion)).toBe(1);
  const difference = blendWeights(grey(0.5), grey(0.6), undefined, { differenceRange: [0, 0.05] });
  expect(everywhere(difference)).toBe(1);
  expect(everywhere(blendWeights(grey(0.5), grey(0.6), undefined))).toBe(0);
});

test("a range of no width is a step, not a NaN", () => {
  const step = (value: number) =>
    everywhere(blendWeights(grey(0.5), grey(0.5), seen(value), { occlusionRange: [0.5, 0.5] }));
  expect([step(0.25), step(0.75)]).toEqual([1, 0]);
  expect([0, 1]).toContain(step(0.5));
});

test("a patch that is another thing is painted there and only there", () => {
  const { height, width, weights } = blendWeights(grey(0.2), grey(0.2, { value: 0.9, from: 8, to: 20 }), seen(1));
  expect([height, width]).toEqual([side, side]);
  const at = (y: number, x: number) => weights[y * side + x];
  expect(at(14, 14)).toBe(1);
  expect([at(0, 0), at(14, 28), at(28, 14), at(28, 28)]).toEqual([0, 0, 0, 0]);
});

test("where the map hides one side, that side is painted, and the edge between is soft", () => {
  const half = tensor("float32", Float32Array.of(0, 1), [1, 1, 1, 2]); // resized to the pictures
  const { weights } = blendWeights(grey(0.5), grey(0.5), half);
  expect([weights[0], weights[side - 1]]).toEqual([1, 0]);
  expect(weights[side / 2]! > 0 && weights[side / 2]! < 1).toBe(true);
});

test("being soft is no difference: a chequered picture and its mean are alike", () => {
  const chequered = grey(0.5);
  for (let i = 0; i < chequered.data.length; i++) {
    const pixel = i % (side * side);
    chequered.data[i] = (Math.floor(pixel / side) + pixel) % 2 === 0 ? 0.1 : 0.9;
  }
  const { weights } = blendWeights(chequered, grey(0.5), seen(1));
  expect(weights[16 * side + 16]).toBe(0);
});

test("a difference in one colour counts", () => {
  const blue = grey(0.2);
  blue.data.fill(1, 2 * side * side);
  expect(everywhere(blendWeights(grey(0.2), blue, undefined))).toBe(1);
});

test("what is painted is the generated picture, borrowed", () => {
  const generated = grey(0.5);
  expect(blendWeights(grey(0.4), generated, undefined).image).toBe(generated);
});

test("wrong shapes are named", () => {
  expect(() => blendWeights(noise([1, 1, 4, 4]) as never, grey(0), undefined)).toThrow(
    "blendWeights warped: expected [1, 3, H, W], got [1, 1, 4, 4].",
  );
  expect(() => blendWeights(grey(0), noise([1, 3, 16, 16]), undefined)).toThrow(
    "blendWeights generated: expected [1, 3, 32, 32], got [1, 3, 16, 16].",
  );
  expect(() => blendWeights(grey(0), grey(0), noise([8, 8]))).toThrow(
    "blendWeights occlusion: expected [1, 1, h, w], got [8, 8].",
  );
});
