import { tensor } from "@bunraku/backends";
import { type Keypoints, precisionsOf } from "@bunraku/keypoints";
import fc from "fast-check";
import { expect, test } from "vitest";
import { transferMotion } from "./transfer-motion.ts";

const keypoints = (covariance: readonly number[], point: readonly number[] = [0, 0]): Keypoints => ({
  points: tensor("float32", Float32Array.from(point), [point.length / 2, 2]),
  covariances:
    covariance.length === 1
      ? tensor("float32", Float32Array.from(covariance), [1, 1, 1] as const)
      : tensor("float32", Float32Array.from(covariance), [covariance.length / 4, 2, 2] as const),
});

const source = keypoints([2, 0, 0, 2]);
const driving = keypoints([3, 1, 1, 2]);
const initial = keypoints([1, 0, 0, 4]);

test("covariances are the driver's, unless they are adapted", () => {
  const { keypoints: moved, jacobians } = transferMotion(source, driving, initial);
  expect(moved.covariances!.data).toEqual(driving.covariances!.data);
  expect(moved.covariances!.data).not.toBe(driving.covariances!.data);
  expect(jacobians).toBeUndefined();
});

test("adapted, the source's change as the driver's did: Vd · Vi⁻¹ · Vs, symmetric", () => {
  const { covariances } = transferMotion(source, driving, initial, { adaptCovariances: true }).keypoints;
  // [[3, 1], [1, 2]] · diag(1, 1/4) · 2 = [[6, 0.5], [2, 1]]
  expect([...covariances!.data]).toEqual([6, 1.25, 1.25, 1]);
});

test("an eigenvalue that is not positive becomes 1e-6, along its own axis", () => {
  // Vd · Vi⁻¹ · Vs = [[1, 2], [2, 1]]: eigenvalues 3 along (1, 1), -1 along (1, -1).
  const one = keypoints([1, 0, 0, 1]);
  const { covariances } = transferMotion(one, keypoints([1, 2, 2, 1]), one, { adaptCovariances: true }).keypoints;
  const [a, b, c, d] = covariances!.data;
  expect(a! + b!).toBeCloseTo(3, 5);
  expect(c! + d!).toBeCloseTo(3, 5);
  expect((a! - b!) * 1e6).toBeCloseTo(1, 0);
});

test("eigenvalues that are both not positive become 1e-6 each, and so does a variance", () => {
  const adapted = (d: number[]) => {
    const one = keypoints(d.length === 1 ? [1] : [1, 0, 0, 1]);
    return [...transferMotion(one, keypoints(d), one, { adaptCovariances: true }).keypoints.covariances!.data];
  };
  const least = Math.fround(1e-6);
  expect(adapted([-2, 0, 0, -2])).toEqual([least, 0, 0, least]); // no axis is longer: no angle to keep
  const [a, b, c, d] = adapted([-2, 0.5, 0.5, -1]);
  expect([a, b, c, d]).toEqual([expect.closeTo(1e-6, 9), expect.closeTo(0, 9), b, expect.closeTo(1e-6, 9)]);
  expect(adapted([-3])).toEqual([least]);
});

test("one variance each: v_d / v_i · v_s", () => {
  const [s, d, i] = [keypoints([2]), keypoints([3]), keypoints([4])];
  expect([...transferMotion(s, d, i, { adaptCovariances: true }).keypoints.covariances!.data]).toEqual([1.5]);
  expect([...transferMotion(s, d, i).keypoints.covariances!.data]).toEqual([3]);
});

const covariance = fc
  .record({
    a: fc.double({ min: 0.01, max: 2, noNaN: true }),
    d: fc.double({ min: 0.01, max: 2, noNaN: true }),
    slant: fc.double({ min: -0.9, max: 0.9, noNaN: true }),
  })
  .map(({ a, d, slant }) => {
    const b = slant * Math.sqrt(a * d);
    return [a, b, b, d];
  });

test("on the initial frame adapted covariances are the source's", () => {
  fc.assert(
    fc.property(covariance, covariance, (vs, vi) => {
      const { covariances } = transferMotion(keypoints(vs), keypoints(vi), keypoints(vi), {
        adaptCovariances: true,
      }).keypoints;
      for (const [i, value] of vs.entries()) expect(Math.abs(covariances!.data[i]! - value)).toBeLessThan(1e-4);
    }),
  );
});

/** Even from `min` to `max`: doubles of fast-check crowd around 0. */
const even = (min: number, max: number) => fc.nat(1e6).map((share) => min + ((max - min) * share) / 1e6);

/** Covariances of any size and direction, up to 300 times as long as wide. */
const elongated = fc
  .record({ large: even(-3, 0), ratio: even(-2.5, 0), angle: even(0, Math.PI) })
  .map(({ large, ratio, angle }) => {
    const [l, s] = [10 ** large, 10 ** (large + ratio)];
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const mixed = (l - s) * cos * sin;
    return [l * cos * cos + s * sin * sin, mixed, mixed, l * sin * sin + s * cos * cos];
  });

test("adapted covariances are symmetric and have a gaussian, whatever the driver does", () => {
  fc.assert(
    fc.property(elongated, elongated, elongated, (vs, vd, vi) => {
      const moved = transferMotion(keypoints(vs), keypoints(vd), keypoints(vi), { adaptCovariances: true }).keypoints;
      const [, b, c] = moved.covariances!.data;
      expect(b).toBe(c);
      expect(() => precisionsOf(moved)).not.toThrow();
    }),
    { numRuns: 5000 },
  );
});

test.each([
  { what: "negative", covariance: [72, 64, 64, 56], larger: 64 + Math.hypot(8, 64) },
  { what: "positive", covariance: [1, 1, 1, 1 + 2 ** -23], larger: 2 },
])("a $what eigenvalue that float32 cannot tell from 0 beside the other is raised to 2^-22 of it", (each) => {
  const one = keypoints([1, 0, 0, 1]);
  const options = { adaptCovariances: true };
  const { covariances } = transferMotion(one, keypoints(each.covariance), one, options).keypoints;
  const [a, b, , d] = covariances!.data;
  const ratio = (a! * d! - b! * b!) / each.larger ** 2;
  expect(ratio).toBeGreaterThan(1e-7);
  expect(ratio).toBeLessThan(4e-7);
});

test("keepInside clips what has left the picture", () => {
  const [s, d, i] = [keypoints([1], [0.5, -0.5]), keypoints([1], [0.9, -0.9]), keypoints([1], [0, 0])];
  expect([...transferMotion(s, d, i, { keepInside: true }).keypoints.points.data]).toEqual([1, -1]);
  expect(transferMotion(s, d, i).keypoints.points.data[0]).toBeCloseTo(1.4, 6);
});

test("a moved keypoint is as sure as the least sure of those it comes from", () => {
  const sure = (value: number): Keypoints => ({
    ...keypoints([1]),
    confidences: tensor("float32", Float32Array.of(value), [1]),
  });
  const relative = transferMotion(sure(0.75), keypoints([1]), sure(0.5)).keypoints;
  expect([...relative.confidences!.data]).toEqual([0.5]);
  const absolute = transferMotion(sure(0.75), keypoints([1]), sure(0.5), { movement: "absolute" }).keypoints;
  expect([...absolute.confidences!.data]).toEqual([0.75]);
  expect(transferMotion(source, driving, initial).keypoints).not.toHaveProperty("confidences");
  const two = { ...keypoints([1]), confidences: tensor("float32", Float32Array.of(1, 1), [2]) };
  expect(() => transferMotion(two, sure(1), sure(1))).toThrow("source confidences: expected [1], got [2].");
});

test("what cannot be adapted is refused", () => {
  const flat = keypoints([0, 0, 0, 0]);
  const options = { adaptCovariances: true };
  expect(() => transferMotion(source, driving, flat, options)).toThrow(
    "transferMotion: the covariance of initial keypoint 0 cannot be inverted. Begin at another frame, or leave adaptCovariances out.",
  );
  expect(() => transferMotion(keypoints([1]), keypoints([1]), keypoints([0]), options)).toThrow("cannot be inverted");
  const { points } = driving;
  expect(() => transferMotion(source, { points }, initial)).toThrow(
    "transferMotion: covariances must be in all of source, driving and initial, or in none; driving differs.",
  );
  expect(() => transferMotion(source, keypoints([1]), initial)).toThrow(
    "driving covariances: expected [1, 2, 2], got [1, 1, 1].",
  );
});
