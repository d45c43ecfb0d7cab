import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import { expect, test } from "vitest";
import type { Keypoints } from "../keypoints.ts";
import { fitJacobians } from "./jacobians/fit-jacobians.ts";
import { landmarkKeypoints } from "./landmark-keypoints.ts";

const at = (values: ArrayLike<number>, confidences?: readonly number[]): Keypoints => ({
  points: tensor("float32", Float32Array.from(values), [values.length / 2, 2]),
  ...(confidences && { confidences: tensor("float32", Float32Array.from(confidences), [confidences.length]) }),
});
const face = [...noise([10, 2], 1).data];
const shifted = (by: number) => face.map((value, i) => value + (i % 2 === 0 ? by : 0));
const without = (values: readonly number[], ...gone: number[]) =>
  at(
    values.map((value, i) => (gone.includes(Math.floor(i / 2)) ? -1 : value)),
    Array.from({ length: 10 }, (_, k) => (gone.includes(k) ? 0 : 1)),
  );
const round = (data: ArrayLike<number>) => Array.from(data, (value) => Math.round(value * 1e4) / 1e4 + 0);

test("the first frame is the reference: it has identities, the others what has changed since", () => {
  const frames = [at(face), at(face.map((value) => 1.25 * value))];
  const [first, second] = landmarkKeypoints(frames);
  expect(round(first!.jacobians!.data)).toEqual(new Array(10).fill([1, 0, 0, 1]).flat());
  expect(round(second!.jacobians!.data)).toEqual(new Array(10).fill([1.25, 0, 0, 1.25]).flat());
  expect(second!.jacobians!.data).toEqual(fitJacobians(frames[0]!, frames[1]!).data);
  expect([...second!.points.data]).toEqual([...frames[1]!.points.data]);
  expect([...second!.confidences!.data]).toEqual(new Array(10).fill(1));
});

test("another reference may be given: that of absolute movement is the source", () => {
  const [only] = landmarkKeypoints([at(face.map((value) => 2 * value))], { reference: at(face) });
  expect(round(only!.jacobians!.data)).toEqual(new Array(10).fill([2, 0, 0, 2]).flat());
});

test("a point that is lost goes on with its neighbours, and comes back without a jump", () => {
  const frames = landmarkKeypoints([at(face), at(shifted(0.1)), without(shifted(0.2), 4), at(shifted(0.3))]);
  expect(round(frames.map(({ points }) => points.data[8]! - face[8]!))).toEqual([0, 0.1, 0.2, 0.3]);
  expect(frames.map(({ confidences }) => confidences!.data[4])).toEqual([1, 1, 1, 1]);
});

test("a point that moves otherwise than its neighbours jumps neither when it is lost nor when it is found", () => {
  // All go to the right, and point 4 down as well, which its neighbours cannot tell.
  const moving = (t: number) => shifted(0.02 * t).map((value, i) => (i === 9 ? value + 0.03 * t : value));
  const seen = Array.from({ length: 12 }, (_, t) => at(moving(t)));
  const lost = seen.map((frame, t) => (t >= 3 && t < 9 ? without(moving(t), 4) : frame));
  const ys = landmarkKeypoints(lost).map(({ points }) => points.data[9]!);
  // From frame 2 to frame 9 by equal steps, and exact at both ends.
  expect(round(ys)).toEqual(round(landmarkKeypoints(seen).map(({ points }) => points.data[9]!)));
});

test("a point that is lost for good goes on from where it was last, with its neighbours", () => {
  const moving = (t: number) => shifted(0.02 * t).map((value, i) => (i === 9 && t < 3 ? value + 0.03 * t : value));
  const frames = [at(moving(0)), at(moving(1)), at(moving(2)), without(moving(3), 4), without(moving(4), 4)];
  const places = landmarkKeypoints(frames).map(({ points }) => [
    points.data[8]! - face[8]!,
    points.data[9]! - face[9]!,
  ]);
  expect(round(places.flat())).toEqual([0, 0, 0.02, 0.03, 0.04, 0.06, 0.06, 0.06, 0.08, 0.06]);
});

test("hold keeps a lost point where it was last, for as long as it takes", () => {
  const frames = [at(shifted(0)), at(shifted(0.1)), without(shifted(0.2), 4), without(shifted(0.3), 4)];
  const xs = landmarkKeypoints(frames, { missing: "hold" }).map(({ points }) => points.data[8]! - face[8]!);
  expect(round(xs)).toEqual([0, 0.1, 0.1, 0.1]);
});

test("drop rests a lost point, with the identity", () => {
  const turned = face.map((value, i) => (i % 2 === 0 ? -face[i + 1]! : face[i - 1]!) + 0 * value);
  const [, second] = landmarkKeypoints([at(face), without(turned, 4)], { missing: "drop" });
  expect(round(second!.points.data.subarray(8, 10))).toEqual(round(face.slice(8, 10)));
  expect([...second!.jacobians!.data.subarray(16, 20), second!.confidences!.data[4]]).toEqual([1, 0, 0, 1, 0]);
});

test.each(["fit", "hold"] as const)("with %s, a point that turns up later does not jump then", (missing) => {
  const frames = landmarkKeypoints([without(shifted(0), 4, 7), without(shifted(0.1), 7), at(shifted(0.2))], {
    missing,
  });
  const steps = (k: number) => round(frames.map(({ points }) => points.data[2 * k]! - face[2 * k]!));
  expect(steps(4)).toEqual([0, 0.1, 0.2]);
  expect(steps(7)[0]).toBe(0);
  expect(steps(7)[2]).toBe(0.2);
});

test("a point that no frame shows rests, with the identity and no say", () => {
  const frames = landmarkKeypoints([without(shifted(0), 4), without(shifted(0.2), 4), without(shifted(0.4), 4)]);
  for (const { points, jacobians, confidences } of frames) {
    expect([...points.data.subarray(8, 10)]).toEqual([...frames[0]!.points.data.subarray(8, 10)]);
    expect([...jacobians!.data.subarray(16, 20), confidences!.data[4]]).toEqual([1, 0, 0, 1, 0]);
  }
});

const nobody = at(new Array(20).fill(0), new Array(10).fill(0));

test("a frame in which nobody was found lies between those around it", () => {
  const frames = landmarkKeypoints([at(face), nobody, nobody, at(shifted(0.3)), nobody]);
  const xs = frames.map(({ points }) => points.data[8]! - face[8]!);
  expect(round(xs)).toEqual([0, 0.1, 0.2, 0.3, 0.3]);
  expect(frames.every(({ confidences }) => confidences!.data.every((confidence) => confidence === 1))).toBe(true);
});

test("nobody in the first frames is whoever comes, at rest until then", () => {
  const turned = face.map((value, i) => (i % 2 === 0 ? -face[i + 1]! : face[i - 1]!) + 0 * value);
  const frames = landmarkKeypoints([nobody, at(face), at(turned)]);
  expect(round(frames[0]!.points.data)).toEqual(round(face));
  expect(round(frames[0]!.jacobians!.data)).toEqual(new Array(10).fill([1, 0, 0, 1]).flat());
  expect(round(frames[2]!.jacobians!.data)).toEqual(new Array(10).fill([0, -1, 1, 0]).flat());
});

test.each(["hold", "drop"] as const)(
  "with %s, a frame in which nobody was found is the one before, or rests",
  (missing) => {
    const frames = landmarkKeypoints([at(face), at(shifted(0.1)), nobody], { missing });
    expect(round([frames[2]!.points.data[8]! - face[8]!])).toEqual([missing === "hold" ? 0.1 : 0]);
    expect(frames[2]!.confidences!.data[4]).toBe(missing === "hold" ? 1 : 0);
  },
);

test("nobody in any frame is no motion", () => {
  for (const { points, jacobians, confidences } of landmarkKeypoints([nobody, nobody])) {
    expect(round(points.data)).toEqual(new Array(20).fill(0));
    expect([...jacobians!.data]).toEqual(new Array(10).fill([1, 0, 0, 1]).flat());
    expect([...confidences!.data]).toEqual(new Array(10).fill(0));
  }
});

test("frames are only read, and none are none", () => {
  const frames = [without(face, 2), at(shifted(0.1))];
  const before = structuredClone(frames.map(({ points, confidences }) => [points.data, confidences?.data]));
  landmarkKeypoints(frames);
  expect(frames.map(({ points, confidences }) => [points.data, confidences?.data])).toEqual(before);
  expect(landmarkKeypoints([])).toEqual([]);
});

test("a frame of another layout is named", () => {
  expect(() => landmarkKeypoints([at(face), at([0, 0])])).toThrow(
    "landmarkKeypoints frame 1 keypoints: expected [10, 2], got [1, 2].",
  );
});
