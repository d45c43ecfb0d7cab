import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import type { Keypoints } from "@bunraku/keypoints";
import { describe, expect, test } from "vitest";
import { fixtures, keypointsOf, type Mode, modes, readGolden } from "../testing/golden.ts";
import { transferMotion } from "./transfer-motion.ts";

const keypoints = (points: readonly number[], jacobians?: readonly number[]): Keypoints => ({
  points: tensor("float32", Float32Array.from(points), [points.length / 2, 2]),
  ...(jacobians && { jacobians: tensor("float32", Float32Array.from(jacobians), [jacobians.length / 4, 2, 2]) }),
});

const error = (got: Float32Array, wanted: ArrayLike<number>) =>
  got.length === wanted.length
    ? got.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0)
    : Infinity;

describe.each(fixtures)("against PyTorch, %s", (name) => {
  test.each(Object.keys(modes) as Mode[])("mode %s gives its normalised keypoints", (mode) => {
    const golden = readGolden(name);
    const [source, driving, initial] = [golden.kp_source, golden.kp_driving, golden.kp_initial].map(keypointsOf);
    const { keypoints: moved, warnings } = transferMotion(source!, driving!, initial!, modes[mode]);
    const wanted = golden[`${mode}_ac1`].kp_norm;
    expect(error(moved.points.data, wanted.value)).toBeLessThan(2e-5);
    expect(!moved.jacobians).toBe(!wanted.jacobian);
    if (wanted.jacobian) expect(error(moved.jacobians!.data, wanted.jacobian)).toBeLessThan(1e-4);
    expect(warnings).toEqual([]);
  });
});

// Three keypoints; jacobians with round inverses.
const source = keypoints([0, 0, 0.5, 0, 0, 0.5], [2, 0, 0, 2, 1, 0, 0, 1, 0, 1, 1, 0]);
const initial = keypoints([0, 0, 0.25, 0, 0, 0.25], [1, 0, 0, 1, 1, 1, 0, 1, 2, 0, 0, 1]);
const driving = keypoints([0.125, 0, 0.25, 0.125, 0, 0.25], [0, -1, 1, 0, 1, 0, 0, 4, 1, 0, 0, 1]);

test("relative movement adds the driver's change to the source", () => {
  const { keypoints: moved } = transferMotion(source, driving, initial);
  expect([...moved.points.data]).toEqual([0.125, 0, 0.5, 0.125, 0, 0.5]);
});

test("relative jacobians are Jd · Ji⁻¹ · Js, and around a keypoint the source is read by Ji · Jd⁻¹", () => {
  const { keypoints: moved, jacobians } = transferMotion(source, driving, initial);
  expect([...moved.jacobians!.data]).toEqual([0, -2, 2, 0, 1, -1, 0, 4, 0, 0.5, 1, 0]);
  expect(error(jacobians!.data, [0, 1, -1, 0, 1, 0.25, 0, 0.25, 2, 0, 0, 1])).toBe(0);
});

test("absolute movement takes the driver's keypoints, and reads the source by Js · Jd⁻¹", () => {
  const { keypoints: moved, jacobians } = transferMotion(source, driving, initial, { movement: "absolute" });
  expect(moved.points.data).toEqual(driving.points.data);
  expect(moved.jacobians!.data).toEqual(driving.jacobians!.data);
  expect(error(jacobians!.data, [0, 2, -2, 0, 1, 0, 0, 0.25, 0, 1, 1, 0])).toBe(0);
});

test("relative points with absolute jacobians: points move, jacobians are the driver's", () => {
  const { keypoints: moved, jacobians } = transferMotion(source, driving, initial, { relativeJacobians: false });
  expect([...moved.points.data]).toEqual([0.125, 0, 0.5, 0.125, 0, 0.5]);
  expect(moved.jacobians!.data).toEqual(driving.jacobians!.data);
  expect(error(jacobians!.data, [0, 2, -2, 0, 1, 0, 0, 0.25, 0, 1, 1, 0])).toBe(0);
});

test("relativeJacobians is ignored in absolute mode", () => {
  const absolute = transferMotion(source, driving, initial, { movement: "absolute", relativeJacobians: true });
  expect(absolute.keypoints.jacobians!.data).toEqual(driving.jacobians!.data);
});

test("the initial frame gives back the source, and jacobians that are the identity", () => {
  const some = keypoints([...noise([20], 1).data], [...noise([40], 2).data]);
  const start = keypoints([...noise([20], 3).data], [...noise([40], 4).data]);
  const { keypoints: moved, jacobians } = transferMotion(some, start, start);
  expect(moved.points.data).toEqual(some.points.data);
  expect(error(moved.jacobians!.data, some.jacobians!.data)).toBeLessThan(1e-5);
  const identities = Array.from({ length: 40 }, (_, i) => (i % 4 === 0 || i % 4 === 3 ? 1 : 0));
  expect(error(jacobians!.data, identities)).toBeLessThan(1e-6);
});

test("without jacobians there are none in the result", () => {
  const bare = ({ points }: Keypoints): Keypoints => ({ points });
  const { keypoints: moved, jacobians } = transferMotion(bare(source), bare(driving), bare(initial));
  expect([moved.jacobians, jacobians]).toEqual([undefined, undefined]);
});

test("inputs keep their numbers, and results have memory of their own", () => {
  const before = [...driving.points.data];
  const { keypoints: moved } = transferMotion(source, driving, initial, { movement: "absolute" });
  moved.points.data[0] = 9;
  expect([...driving.points.data]).toEqual(before);
});

test("adaptScale doubles movement when the source's hull is twice as wide and high", () => {
  const { keypoints: moved, warnings } = transferMotion(source, driving, initial, { adaptScale: true });
  expect([...moved.points.data]).toEqual([0.25, 0, 0.5, 0.25, 0, 0.5]);
  expect(warnings).toEqual([]);
});

test("adaptScale leaves jacobians as they are", () => {
  expect(transferMotion(source, driving, initial, { adaptScale: true }).jacobians!.data).toEqual(
    transferMotion(source, driving, initial).jacobians!.data,
  );
});

test("adaptScale is ignored in absolute mode, also where there is no scale", () => {
  const options = { movement: "absolute", adaptScale: true } as const;
  expect(transferMotion(source, driving, initial, options).keypoints.points.data).toEqual(driving.points.data);
  const inOnePlace = keypoints([0, 0, 0, 0, 0, 0], [...initial.jacobians!.data]);
  expect(transferMotion(source, driving, inOnePlace, options).warnings).toEqual([]);
});

const triangle = keypoints([0, 0, 0.5, 0, 0, 0.5]);
const moves = keypoints([0.25, 0, 0.25, 0, 0.25, 0]);
const still = keypoints([0, 0, 0, 0, 0, 0]);

test.each([
  ["initial points in one place", triangle, still],
  ["source points in one place", still, keypoints([0, 0, 0.1, 0, 0, 0.1])],
  ["initial points on a line, up to float32", triangle, keypoints([0.1, 0.3, 0.2, 0.6, 0.3, 0.9])],
  ["source points on a line, up to float32", keypoints([0.1, 0.3, 0.2, 0.6, 0.3, 0.9]), triangle],
])("%s have no scale: movement stays as it is, with a warning", (_, from, start) => {
  const plain = transferMotion(from, moves, start);
  const scaled = transferMotion(from, moves, start, { adaptScale: true });
  expect(scaled.keypoints.points.data).toEqual(plain.keypoints.points.data);
  expect(scaled.warnings).toEqual([
    {
      type: "hull-degenerate",
      message: "The keypoints of the source or of the first driving frame lie on a line, so movement is not scaled.",
    },
  ]);
});

const singular = keypoints([0, 0, 0.25, 0, 0, 0.25], [1, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 4]);

test.each(["relative", "absolute"] as const)(
  "a singular jacobian of the driver is refused by its number, %s",
  (movement) => {
    const message =
      'transferMotion: the jacobian of driving keypoint 2 cannot be inverted: [[1, 2], [2, 4]]. Skip the frame, or pass singular: "translate".';
    expect(() => transferMotion(source, singular, initial, { movement })).toThrow(message);
    expect(() => transferMotion(source, singular, initial, { movement })).toThrow(
      expect.objectContaining({ code: "MOTION" }),
    );
  },
);

test.each(["relative", "absolute"] as const)(
  "with translate, that keypoint only translates, with a warning, %s",
  (movement) => {
    const { jacobians, warnings } = transferMotion(source, singular, initial, { movement, singular: "translate" });
    expect([...jacobians!.data.subarray(8)]).toEqual([1, 0, 0, 1]);
    expect([...jacobians!.data.subarray(0, 4)]).not.toEqual([0, 0, 0, 0]);
    expect(warnings).toEqual([
      {
        type: "jacobian-singular",
        message: "keypoint 2: its jacobian cannot be inverted; it only translates in this frame.",
      },
    ]);
  },
);

test("a singular jacobian of the initial frame is refused by its number when jacobians are relative", () => {
  expect(() => transferMotion(source, driving, singular)).toThrow(
    'transferMotion: the jacobian of initial keypoint 2 cannot be inverted: [[1, 2], [2, 4]]. Begin at another frame, or pass singular: "translate".',
  );
  const { jacobians, warnings } = transferMotion(source, driving, singular, { singular: "translate" });
  expect([...jacobians!.data.subarray(8)]).toEqual([1, 0, 0, 1]);
  expect(warnings.map(({ type }) => type)).toEqual(["jacobian-singular"]);
});

test.each([{ movement: "absolute" }, { relativeJacobians: false }] as const)(
  "a singular jacobian of the initial frame does not matter where it is not used, %o",
  (options) => {
    expect(transferMotion(source, driving, singular, options).warnings).toEqual([]);
  },
);

test.each(["source", "driving", "initial"] as const)(
  "keypoints of %s that are not numbers are refused by name",
  (which) => {
    const all = {
      source,
      driving,
      initial,
      [which]: keypoints([0, 0, 0, Number.NaN, 0, 0], [...source.jacobians!.data]),
    };
    expect(() => transferMotion(all.source, all.driving, all.initial)).toThrow(
      `${which}: the point of keypoint 1 is not a finite number (NaN). Are the weights damaged?`,
    );
  },
);

test("keypoints of another number are refused", () => {
  expect(() => transferMotion(triangle, moves, keypoints([0, 0]))).toThrow(
    "transferMotion: source has 3 keypoints, initial has 1.",
  );
});

test("jacobians in some but not in all are refused", () => {
  expect(() => transferMotion(source, moves, initial)).toThrow(
    "transferMotion: jacobians must be in all of source, driving and initial, or in none; driving differs.",
  );
});

test("wrong shapes are named", () => {
  const threeD = { points: noise([3, 3]) } as unknown as Keypoints;
  expect(() => transferMotion(threeD, threeD, threeD)).toThrow("source points: expected [K, 2], got [3, 3].");
  const few = { points: driving.points, jacobians: noise([2, 2, 2]) } as Keypoints;
  expect(() => transferMotion(source, few, initial)).toThrow("driving jacobians: expected [3, 2, 2], got [2, 2, 2].");
});
