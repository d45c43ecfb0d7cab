import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Keypoints } from "../../keypoints.ts";
import { type Matrix2, multiply2 } from "../../matrix2/matrix2.ts";
import { landmarkLayouts } from "../layouts/landmark-layouts.ts";
import { fitAffine } from "./fit-affine.ts";
import { type FitOptions, fitJacobians } from "./fit-jacobians.ts";

const at = (values: ArrayLike<number>, confidences?: readonly number[]): Keypoints => ({
  points: tensor("float32", Float32Array.from(values), [values.length / 2, 2]),
  ...(confidences && { confidences: tensor("float32", Float32Array.from(confidences), [confidences.length]) }),
});
const apply = ([xx, xy, yx, yy]: Matrix2, data: ArrayLike<number>, [tx, ty] = [0, 0]) =>
  Array.from({ length: data.length }, (_, i) => {
    const [x, y] = [data[i - (i % 2)]!, data[i - (i % 2) + 1]!];
    return i % 2 === 0 ? xx * x + xy * y + tx! : yx * x + yy * y + ty!;
  });
const matrixOf = (jacobians: { data: Float32Array }, k: number) => [...jacobians.data.subarray(4 * k, 4 * k + 4)];
const entry = fc.double({ min: -2, max: 2, noNaN: true });
const matrix = fc.tuple(entry, entry, entry, entry) as fc.Arbitrary<Matrix2>;
/** Seven points on a ring, each a little off: apart from each other and not on a line. */
const layout = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 14, maxLength: 14 }).map((offs) =>
  offs.map((off, i) => {
    const angle = (2 * Math.PI * Math.floor(i / 2)) / 7;
    return Math.fround(off + 0.7 * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle)));
  }),
);
const options: fc.Arbitrary<FitOptions> = fc.oneof(
  fc.constant({}),
  fc.record({ neighbours: fc.integer({ min: 2, max: 9 }) }),
  fc.record({ sigma: fc.double({ min: 0.5, max: 3, noNaN: true }) }),
);

test("an affine motion gives its matrix at every keypoint", () => {
  fc.assert(
    fc.property(layout, matrix, fc.tuple(entry, entry), options, (points, forward, by, each) => {
      const jacobians = fitJacobians(at(points), at(apply(forward, points, by)), each);
      // Points are float32: 1e-7 of what they are, over how far apart they are.
      for (let k = 0; k < 7; k++)
        for (let i = 0; i < 4; i++) expect(matrixOf(jacobians, k)[i]).toBeCloseTo(forward[i]!, 4);
    }),
  );
});

test("in float64 it is the matrix to 1e-9", () => {
  fc.assert(
    fc.property(
      layout,
      matrix,
      fc.tuple(entry, entry),
      fc.constantFrom(0, undefined),
      (points, forward, by, anchor) => {
        const weights = [1, 0.2, 0.7, 0, 0.4, 1, 0.1];
        const fit = fitAffine(points, apply(forward, points, by), weights, { anchor, ridge: 1e-3 })!;
        for (let i = 0; i < 4; i++) expect(Math.abs(fit.matrix[i]! - forward[i]!)).toBeLessThan(1e-9);
        const [x, y] = apply(forward, fit.from, by);
        expect(fit.to[0]).toBeCloseTo(x!, 9);
        expect(fit.to[1]).toBeCloseTo(y!, 9);
      },
    ),
  );
});

test("the reference itself gives identities", () => {
  const points = noise([9, 2], 3).data;
  const jacobians = fitJacobians(at(points), at(points));
  for (let k = 0; k < 9; k++) {
    for (const [i, value] of matrixOf(jacobians, k).entries()) expect(value).toBeCloseTo([1, 0, 0, 1][i]!, 6);
  }
});

test("turning, scaling and shifting both frames turns the jacobians with them", () => {
  fc.assert(
    fc.property(layout, fc.double({ min: -3, max: 3, noNaN: true }), fc.tuple(entry, entry), (points, angle, by) => {
      const turn: Matrix2 = [Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)];
      const scaled = turn.map((value) => 0.7 * value) as unknown as Matrix2;
      const moved = points.map((value, i) => value + 0.1 * Math.sin(7 * value + i)); // not affine
      const plain = fitJacobians(at(points), at(moved));
      const turned = fitJacobians(at(apply(scaled, points, by)), at(apply(scaled, moved, by)));
      const back: Matrix2 = [turn[0], turn[2], turn[1], turn[3]];
      for (let k = 0; k < 7; k++) {
        const wanted = multiply2(multiply2(turn, matrixOf(plain, k) as unknown as Matrix2), back);
        for (let i = 0; i < 4; i++) expect(matrixOf(turned, k)[i]).toBeCloseTo(wanted[i]!, 3);
      }
    }),
  );
});

test("a motion that is not the same everywhere is followed where it is", () => {
  // Two clusters: the left one turns by a right angle, the right one stays.
  const cluster = [0, 0, 0.1, 0, 0, 0.1, 0.1, 0.1, 0.05, 0.02];
  const left = cluster.map((value, i) => value - (i % 2 === 0 ? 0.8 : 0));
  const right = cluster.map((value, i) => value + (i % 2 === 0 ? 0.8 : 0));
  const turned = apply([0, -1, 1, 0], cluster, [-0.8, 0]);
  const jacobians = fitJacobians(at([...left, ...right]), at([...turned, ...right]), { neighbours: 3 });
  for (const [i, value] of matrixOf(jacobians, 4).entries()) expect(value).toBeCloseTo([0, -1, 1, 0][i]!, 5);
  for (const [i, value] of matrixOf(jacobians, 9).entries()) expect(value).toBeCloseTo([1, 0, 0, 1][i]!, 5);
});

test("a point of confidence 0, in either frame, changes nothing, wherever it lies", () => {
  const points = [...noise([8, 2], 5).data];
  const moved = apply([1.2, 0.1, -0.2, 0.9], points);
  const wild = moved.map((value, i) => (i === 6 || i === 7 ? -1 : value));
  const sure = [1, 1, 1, 0, 1, 1, 1, 1];
  for (const jacobians of [fitJacobians(at(points), at(wild, sure)), fitJacobians(at(points, sure), at(wild))]) {
    for (let k = 0; k < 8; k++)
      for (let i = 0; i < 4; i++) expect(matrixOf(jacobians, k)[i]).toBeCloseTo([1.2, 0.1, -0.2, 0.9][i]!, 4);
  }
});

test("on a line, what happens across it is what a similarity would do", () => {
  const line = [-0.4, 0.1, -0.2, 0.2, 0, 0.3, 0.2, 0.4, 0.4, 0.5]; // along (2, 1)
  const stretched = apply([2, 0, 0, 2], line, [0.1, 0]);
  for (const [i, value] of matrixOf(fitJacobians(at(line), at(stretched)), 2).entries()) {
    expect(value).toBeCloseTo([2, 0, 0, 2][i]!, 5);
  }
  const turn: Matrix2 = [0.6, -0.8, 0.8, 0.6];
  for (const [i, value] of matrixOf(fitJacobians(at(line), at(apply(turn, line))), 0).entries()) {
    expect(value).toBeCloseTo(turn[i]!, 5);
  }
});

test("nearly on a line it does not blow up: noise across moves the matrix as little as noise along", () => {
  const brow = [-0.2, 0.001, -0.1, -0.001, 0, 0.001, 0.1, -0.001, 0.2, 0];
  const noisy = brow.map((value, i) => value + 0.002 * Math.sin(40 * i));
  for (const value of fitJacobians(at(brow), at(noisy)).data) expect(Math.abs(value)).toBeLessThan(1.1);
});

test("the fit goes smoothly from a line to a spread: no jump where the ridge ends", () => {
  const across = (height: number) => {
    const points = [-0.3, 0, 0.3, 0, 0, height, 0, -height];
    return fitJacobians(at(points), at(apply([1, 0, 0, 3], points)), { sigma: 10 }).data[3]!;
  };
  const heights = Array.from({ length: 60 }, (_, i) => 1e-3 * 1.1 ** i);
  const entries = heights.map(across);
  expect(entries[0]).toBeCloseTo(1, 1);
  expect(entries.at(-1)).toBeCloseTo(3, 4);
  for (let i = 1; i < entries.length; i++) {
    expect(entries[i]! - entries[i - 1]!).toBeGreaterThan(-1e-4);
    expect(entries[i]! - entries[i - 1]!).toBeLessThan(0.4);
  }
});

test("a single neighbour tells a turn and a scale, none the identity", () => {
  const two = fitJacobians(at([0, 0, 0.5, 0]), at([0, 0, 0, 1]));
  for (const [i, value] of matrixOf(two, 0).entries()) expect(value).toBeCloseTo([0, -2, 2, 0][i]!, 6);
  expect(matrixOf(fitJacobians(at([0.3, 0.2]), at([0.9, 0.1])), 0)).toEqual([1, 0, 0, 1]);
  const alone = fitJacobians(at([0, 0, 0.5, 0, 0, 0.5], [1, 0, 0]), at([0.1, 0, 9, 9, 9, 9]));
  expect(matrixOf(alone, 0)).toEqual([1, 0, 0, 1]);
  expect([...fitJacobians(at([0, 0, 1, 1], [0, 0]), at([0, 0, 1, 1])).data]).toEqual([1, 0, 0, 1, 1, 0, 0, 1]);
});

test("points in one place tell nothing, and moving apart from there does not throw pixels away", () => {
  const same = fitJacobians(at([0.2, 0.2, 0.2, 0.2, 0.2, 0.2]), at([0.2, 0.2, 0.3, 0.2, 0.2, 0.4]));
  expect(matrixOf(same, 0)).toEqual([1, 0, 0, 1]);
  const close = fitJacobians(at([0.2, 0.2, 0.20001, 0.2]), at([0.2, 0.2, 0.3, 0.2]));
  for (const value of close.data) expect(Math.abs(value)).toBeLessThan(3);
});

test("a face of 68 points has a jacobian everywhere, eyebrows included", () => {
  const points = [...noise([landmarkLayouts.face68.count, 2], 8).data];
  for (const k of landmarkLayouts.face68.parts.rightBrow) points.splice(2 * k, 2, -0.5 + 0.02 * k, -0.6);
  const jacobians = fitJacobians(at(points), at(apply([0.9, 0.2, -0.1, 1.1], points)));
  for (let k = 0; k < 68; k++)
    for (let i = 0; i < 4; i++) expect(matrixOf(jacobians, k)[i]).toBeCloseTo([0.9, 0.2, -0.1, 1.1][i]!, 3);
});

test.each<[FitOptions, string]>([
  [{ neighbours: 0 }, "fitJacobians: neighbours must be a whole number of at least 1, got 0."],
  [{ sigma: 0 }, "fitJacobians: sigma must be greater than 0, got 0."],
  [{ sigma: Number.NaN }, "sigma must be greater than 0, got NaN."],
  [{ ridge: 0 }, "fitJacobians: ridge must be greater than 0 and at most 1, got 0."],
])("%o is refused", (each, message) => {
  expect(() => fitJacobians(at([0, 0]), at([0, 0]), each)).toThrow(message);
});

test("other numbers of keypoints, and what is not finite, are refused by name", () => {
  expect(() => fitJacobians(at([0, 0]), at([0, 0, 1, 1]))).toThrow(
    "fitJacobians keypoints: expected [1, 2], got [2, 2].",
  );
  expect(() => fitJacobians(at([0, 0]), at([0, Number.NaN]))).toThrow(
    "fitJacobians keypoints: the point of keypoint 0 is not a finite number (NaN).",
  );
  expect(() => fitJacobians(at([0, 0], [1, 1]), at([0, 0]))).toThrow("expected [1], got [2].");
});
