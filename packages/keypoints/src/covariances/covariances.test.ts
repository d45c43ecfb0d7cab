import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { heatmapsOf } from "../soft-argmax/soft-argmax.ts";
import { clipCovariances } from "./clip-covariances.ts";
import { heatmapMoments } from "./heatmap-moments.ts";
import { precisionsOf } from "./precisions-of.ts";

const matrices = (...values: number[]) => tensor("float32", Float32Array.from(values), [values.length / 4, 2, 2]);

test("two spots of one row: the mean between them, spread in x alone but for the floor", () => {
  const map = new Float32Array(15);
  map[5] = 0.5; // row 1 of 3, columns 0 and 4 of 5: x = -1 and 1, y = 0
  map[9] = 0.5;
  const { points, covariances } = heatmapMoments(tensor("float32", map, [1, 1, 3, 5]));
  expect(points.data[0]).toBeCloseTo(0, 6);
  expect(points.data[1]).toBeCloseTo(0, 6);
  expect(covariances.data[0]).toBeCloseTo(1, 5);
  expect(covariances.data[1]).toBeCloseTo(0, 6);
  // 15 positions of 1e-7 with y² = 1, 0, 1 by rows: 10 · 1e-7.
  expect(covariances.data[3]! * 1e6).toBeCloseTo(1, 4);
});

test("covariances of any heatmap are symmetric and positive", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 999 }),
      fc.double({ min: 0.01, max: 3, noNaN: true }),
      (seed, temperature) => {
        const heatmaps = heatmapsOf(noise([1, 2, 6, 7], seed, [-3, 3]), { temperature });
        const { covariances } = heatmapMoments(heatmaps);
        for (let k = 0; k < 2; k++) {
          const [a, b, c, d] = covariances.data.subarray(4 * k, 4 * k + 4);
          expect(b).toBe(c);
          expect(a! * d! - b! * c!).toBeGreaterThan(0);
        }
      },
    ),
  );
});

const positive = fc
  .tuple(
    fc.double({ min: 0.01, max: 2, noNaN: true }),
    fc.double({ min: 0.01, max: 2, noNaN: true }),
    fc.double({ min: 0, max: Math.PI, noNaN: true }),
  )
  .map(([large, small, angle]) => {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const mixed = (large - small) * c * s;
    return {
      least: Math.min(large, small),
      largest: Math.max(large, small),
      matrix: [large * c * c + small * s * s, mixed, mixed, large * s * s + small * c * c],
    };
  });

test("clipping scales a whole matrix until its smaller axis is wide enough, and leaves wide ones alone", () => {
  fc.assert(
    fc.property(positive, fc.double({ min: 0.001, max: 1, noNaN: true }), ({ matrix, least, largest }, clip) => {
      const { data } = clipCovariances(matrices(...matrix), clip);
      const scale = Math.max(1, clip / least);
      fc.pre(largest / least < 30); // beyond that, float32 loses the smaller axis, as upstream does
      for (let i = 0; i < 4; i++) expect(Math.abs(data[i]! - scale * matrix[i]!)).toBeLessThan(1e-3 * scale);
    }),
  );
});

test("a matrix without any width gets the least, not a number that is none", () => {
  expect([...clipCovariances(matrices(0, 0, 0, 0, 1, 0, 0, 0), 0.25).data]).toEqual([
    0.25, 0, 0, 0.25, 1.25, 0, 0, 0.25,
  ]);
});

const point = tensor("float32", Float32Array.of(0, 0), [1, 2]);

test("a precision is the inverse of its covariance, of elongated ones too", () => {
  fc.assert(
    fc.property(positive, ({ matrix }) => {
      const [a, b, c, d] = precisionsOf({ points: point, covariances: matrices(...matrix) as never }).data;
      const [e, f, g, h] = matrix as [number, number, number, number];
      const size = Math.max(Math.abs(a!), Math.abs(d!));
      expect(Math.abs(a! * e + b! * g - 1)).toBeLessThan(1e-5 * size);
      expect(Math.abs(a! * f + b! * h)).toBeLessThan(1e-5 * size);
      expect(Math.abs(c! * f + d! * h - 1)).toBeLessThan(1e-5 * size);
    }),
  );
});

test("a covariance may be as elongated as 1 to 1e12, and no more", () => {
  const [a, b, c, d] = precisionsOf({ points: point, covariances: matrices(1, 0, 0, 1e-11) as never }).data;
  expect([a, b, c]).toEqual([1, 0, 0]);
  expect(d! / 1e11).toBeCloseTo(1, 6);
  expect(() => precisionsOf({ points: point, covariances: matrices(1, 0, 0, 1e-13) as never })).toThrow("inverted");
});

test("small covariances are no reason to refuse: their axes are compared", () => {
  const [a, , , d] = precisionsOf({ points: point, covariances: matrices(1e-12, 0, 0, 2e-12) as never }).data;
  expect([a! / 1e12, d! / 1e12]).toEqual([expect.closeTo(1, 5), expect.closeTo(0.5, 5)]);
});

test("a keypoint's own variance goes before the model's, and each keypoint has its own", () => {
  const points = tensor("float32", new Float32Array(4), [2, 2]);
  const covariances = tensor("float32", Float32Array.of(0.25, 0.5), [2, 1, 1] as const);
  expect([...precisionsOf({ points, covariances }, 9).data]).toEqual([4, 0, 0, 4, 2, 0, 0, 2]);
});

test("covariances of another number of keypoints are refused by their dims", () => {
  expect(() => precisionsOf({ points: point, covariances: matrices(1, 0, 0, 1, 1, 0, 0, 1) as never })).toThrow(
    "precisionsOf covariances: expected [1, 2, 2], got [2, 2, 2].",
  );
});

test("one variance is a round precision: of the keypoint, else of the model", () => {
  const single = tensor("float32", Float32Array.of(0.25), [1, 1, 1] as const);
  expect([...precisionsOf({ points: point, covariances: single }).data]).toEqual([4, 0, 0, 4]);
  expect([...precisionsOf({ points: point }, 0.5).data]).toEqual([2, 0, 0, 2]);
  expect(() => precisionsOf({ points: point })).toThrow(
    "these keypoints have no covariances; give a variance for all.",
  );
});

test.each([[[1, 1, 1, 1]], [[0, 0, 0, 0]], [[-1, 0, 0, -1]], [[1, 2, 2, 1]]])("%j has no precision", (values) => {
  expect(() => precisionsOf({ points: point, covariances: matrices(...values) as never })).toThrow(
    expect.objectContaining({ code: "MOTION", message: expect.stringContaining("keypoint 0 cannot be inverted") }),
  );
});

test("a covariance that is not a number names its keypoint", () => {
  const covariances = matrices(Number.NaN, 0, 0, 1) as never;
  expect(() => precisionsOf({ points: point, covariances })).toThrow("the covariance of keypoint 0 is not a finite");
});
