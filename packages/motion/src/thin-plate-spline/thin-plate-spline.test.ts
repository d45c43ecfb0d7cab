import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { apartPointsOf, pointsOf } from "../testing/arbitraries.ts";
import { splineAt, splineJacobianAt } from "./spline-at.ts";
import { thinPlateKernel } from "./thin-plate-kernel.ts";
import { type ThinPlateSpline, thinPlateSpline } from "./thin-plate-spline.ts";

const points = (...xy: readonly (readonly [number, number])[]) =>
  tensor("float32", Float32Array.from(xy.flat()), [xy.length, 2]);
const mapped = (spline: ThinPlateSpline, { data }: { data: Float32Array }) =>
  Array.from({ length: data.length / 2 }, (_, k) => splineAt(spline, data[2 * k]!, data[2 * k + 1]!)).flat();
const error = (got: readonly number[], wanted: ArrayLike<number>) =>
  got.length === wanted.length
    ? got.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0)
    : Infinity;
const somewhere = [...noise([40, 2], 9, [-1.5, 1.5]).data];
const everyPlace = (of: (x: number, y: number) => readonly number[]) =>
  Array.from({ length: somewhere.length / 2 }, (_, i) => of(somewhere[2 * i]!, somewhere[2 * i + 1]!)).flat();

test("the kernel is r² log r²: 0 on its centre and at distance 1, negative in between", () => {
  expect([0, 1, Math.E, 4].map(thinPlateKernel)).toEqual([0, 0, Math.E, 4 * Math.log(4)]);
  expect(thinPlateKernel(1 / Math.E)).toBeCloseTo(-1 / Math.E, 12);
  expect(thinPlateKernel(1e-40)).toBeCloseTo(0, 30);
});

test("a spline goes through its points: each of `from` goes to that of `to`", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 12 }).chain((count) => fc.tuple(apartPointsOf(count), pointsOf(count))),
      ([from, to]) => {
        const spline = thinPlateSpline(from, to);
        expect(spline.fit).toBe("spline");
        expect(error(mapped(spline, from), to.data)).toBeLessThan(1e-9);
      },
    ),
  );
});

test("weights bend and do not move: they sum to zero, and so do they times the points", () => {
  const [from, to] = [noise([7, 2], 1), noise([7, 2], 2)];
  const { weights } = thinPlateSpline(from, to);
  const total = (of: (k: number) => number) =>
    weights.reduce((sum, weight, i) => sum + (i % 2 ? 0 : weight * of(i)), 0);
  expect(total(() => 1)).toBeCloseTo(0, 10);
  expect(total((i) => from.data[i]!)).toBeCloseTo(0, 10);
  expect(total((i) => from.data[i + 1]!)).toBeCloseTo(0, 10);
  expect(Math.max(...weights)).toBeGreaterThan(0.1);
});

test("four points of a square whose one diagonal is lifted: the spline's one number, by hand", () => {
  // (±1, 0) move by +h, (0, ±1) by -h along x: weights are ±w with w (U(2) - 2 U(√2)) = h, slopes and constant are 0.
  const h = 0.25;
  const from = points([1, 0], [0, 1], [-1, 0], [0, -1]);
  const to = points([1 + h, 0], [-h, 1], [-1 + h, 0], [-h, -1]);
  const { weights, linear, offset } = thinPlateSpline(from, to);
  const w = h / (4 * Math.log(4) - 2 * 2 * Math.log(2));
  expect(error([...weights], [w, 0, -w, 0, w, 0, -w, 0])).toBeLessThan(1e-12);
  expect(error([...linear, ...offset], [1, 0, 0, 1, 0, 0])).toBeLessThan(1e-12);
});

test("points that stay give exactly the identity, points that move alike exactly that translation", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10 }).chain(pointsOf),
      fc.integer({ min: -8, max: 8 }),
      fc.nat(1000),
      (from, eighths, stiffness) => {
        const still = thinPlateSpline(from, from, { stiffness });
        expect([still.linear, still.offset.map((value) => value + 0)]).toEqual([
          [1, 0, 0, 1],
          [0, 0],
        ]);
        expect(still.weights.every((weight) => weight === 0)).toBe(true);
        const whole = tensor("float32", from.data.map(Math.round), from.dims);
        const moved = tensor(
          "float32",
          whole.data.map((value) => value + eighths / 8),
          from.dims,
        );
        const shift = thinPlateSpline(whole, moved, { stiffness });
        const wanted = whole.dims[0] === 0 ? 0 : eighths / 8;
        expect([shift.linear, shift.offset]).toEqual([
          [1, 0, 0, 1],
          [wanted, wanted],
        ]);
      },
    ),
  );
});

test("an affine map of all points is that map everywhere, without bends, however stiff", () => {
  const [xx, xy, yx, yy, bx, by] = [1.2, 0.3, -0.4, 0.7, 0.1, -0.2];
  const affine = (x: number, y: number) => [xx * x + xy * y + bx, yx * x + yy * y + by] as const;
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 10 }).chain(apartPointsOf),
      fc.constantFrom(0, 0.1, 100),
      (from, stiffness) => {
        const to = from.data.map((_, i) => affine(from.data[i & ~1]!, from.data[i | 1]!)[i % 2]!);
        const spline = thinPlateSpline(from, tensor("float32", to, from.dims), { stiffness });
        expect(Math.max(...spline.weights.map(Math.abs))).toBeLessThan(1e-4);
        expect(
          error(
            everyPlace((x, y) => splineAt(spline, x, y)),
            everyPlace(affine),
          ),
        ).toBeLessThan(2e-5);
      },
    ),
  );
});

test("three points give their affine map: weights are zero", () => {
  const spline = thinPlateSpline(points([0, 0], [1, 0], [0, 1]), points([0.5, 0.25], [2, 1], [0, 1]));
  expect(error([...spline.weights], [0, 0, 0, 0, 0, 0])).toBeLessThan(1e-12);
  expect(error([...spline.linear, ...spline.offset], [1.5, -0.5, 0.75, 0.75, 0.5, 0.25])).toBeLessThan(1e-12);
});

test("the stiffer, the farther from the points and the nearer to the best affine map", () => {
  const [from, to] = [noise([8, 2], 3), noise([8, 2], 4)];
  const missed = [0, 0.01, 0.1, 1, 10].map((stiffness) =>
    error(mapped(thinPlateSpline(from, to, { stiffness }), from), to.data),
  );
  expect(missed).toEqual([...missed].sort((a, b) => a - b));
  expect(missed[0]).toBeLessThan(1e-9);
  const bends = [0, 1, 1e9].map((stiffness) =>
    Math.max(...thinPlateSpline(from, to, { stiffness }).weights.map(Math.abs)),
  );
  expect(bends[1]).toBeLessThan(bends[0]!);
  expect(bends[2]).toBeLessThan(1e-8);
});

test("two points give their similarity, one a translation, none the identity; `fit` says so", () => {
  const two = thinPlateSpline(points([0, 0], [1, 0]), points([0.5, 0], [0.5, 2])); // a quarter turn, twice as large
  expect(two.fit).toBe("similarity");
  expect(error([...two.linear, ...two.offset], [0, -2, 2, 0, 0.5, 0])).toBeLessThan(1e-12);
  const one = thinPlateSpline(points([0.5, 0.5]), points([0.25, 1]));
  expect([one.fit, one.linear, one.offset]).toEqual(["translation", [1, 0, 0, 1], [-0.25, 0.5]]);
  const none = thinPlateSpline(points(), points());
  expect([none.fit, none.linear, none.offset]).toEqual(["translation", [1, 0, 0, 1], [0, 0]]);
});

test("points on a line give a similarity; a thousandth of the picture across it is a spline again", () => {
  const to = points([-0.5, 0.1], [0, 0.5], [0.5, 0.7]);
  const line = thinPlateSpline(points([-0.9, -0.3], [0, 0], [0.9, 0.3]), to);
  expect([line.fit, [...line.weights]]).toEqual(["similarity", [0, 0, 0, 0, 0, 0]]);
  const [xx, xy, yx, yy] = line.linear;
  expect([yy, yx]).toEqual([xx, -xy]);
  expect(thinPlateSpline(points([-0.9, -0.3], [0, 0.004], [0.9, 0.3]), to).fit).toBe("spline");
});

test("points in one place move by their mean", () => {
  const same = points([0.5, 0.5], [0.5, 0.5], [0.5, 0.5]);
  const one = thinPlateSpline(same, points([0.5, 0.5], [1, 0.5], [0.75, 0.5]));
  expect([one.fit, one.offset]).toEqual(["translation", [0.25, 0]]);
  // Two of five meet: the others are met, and the two are met halfway.
  const from = points([-1, -1], [1, -1], [1, 1], [0, 0.5], [0, 0.5]);
  const spline = thinPlateSpline(from, points([-1, -1], [1, -0.5], [1, 1], [0.25, 0.5], [0.75, 0.5]));
  expect(error(mapped(spline, from), [-1, -1, 1, -0.5, 1, 1, 0.5, 0.5, 0.5, 0.5])).toBeLessThan(1e-9);
});

test("whatever the points, places go to places: never NaN", () => {
  const value = fc.oneof(
    fc.constantFrom(0, 0, 1, -1, 0.5, 1e-4, 0.5 + 1e-4, 1e9),
    fc.float({ noNaN: true, noDefaultInfinity: true }),
  );
  const wild = (count: number) =>
    fc
      .array(value, { minLength: 2 * count, maxLength: 2 * count })
      .map((values) => tensor("float32", Float32Array.from(values), [count, 2]));
  fc.assert(
    fc.property(
      fc.nat(7).chain((count) => fc.tuple(wild(count), wild(count))),
      fc.constantFrom(0, 1e-3, 1e12),
      ([from, to], stiffness) => {
        const spline = thinPlateSpline(from, to, { stiffness });
        for (const place of [0.25, -1, 1]) {
          const values = [...splineAt(spline, place, -0.5), ...splineJacobianAt(spline, -0.5, place)];
          expect(values.every(Number.isFinite), String(values)).toBe(true);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("the jacobian is the derivative, also on a centre", () => {
  const [from, to] = [noise([6, 2], 5), noise([6, 2], 6)];
  const spline = thinPlateSpline(from, to);
  const step = 1e-6;
  for (const [x, y] of [
    [0.3, -0.2],
    [from.data[4]!, from.data[5]!],
  ] as const) {
    const along = (dx: number, dy: number) => {
      const [right, left] = [splineAt(spline, x + dx, y + dy), splineAt(spline, x - dx, y - dy)];
      return [(right[0] - left[0]) / (2 * step), (right[1] - left[1]) / (2 * step)] as const;
    };
    const [[xx, yx], [xy, yy]] = [along(step, 0), along(0, step)];
    expect(error([...splineJacobianAt(spline, x, y)], [xx, xy, yx, yy])).toBeLessThan(1e-4);
  }
});

test("wrong shapes, points that are not numbers and stiffness below 0 are refused", () => {
  expect(() => thinPlateSpline(noise([3, 3]), noise([3, 2]))).toThrow("from: expected [K, 2], got [3, 3].");
  expect(() => thinPlateSpline(noise([3, 2]), noise([4, 2]))).toThrow("to: expected [3, 2], got [4, 2].");
  expect(() => thinPlateSpline(points([0, 0], [Number.NaN, 0]), noise([2, 2]))).toThrow(
    "thinPlateSpline: point 1 is not a finite number.",
  );
  for (const stiffness of [-1, Number.NaN, Infinity])
    expect(() => thinPlateSpline(noise([3, 2]), noise([3, 2]), { stiffness })).toThrow(
      `stiffness: expected a number of at least 0, got ${stiffness}.`,
    );
});
