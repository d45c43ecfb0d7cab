import { tensor } from "@bunraku/backends";
import { expect, test } from "vitest";
import type { Keypoints } from "../../keypoints.ts";
import { selectKeypoints } from "./select-keypoints.ts";

const numbers = (dims: readonly number[]) =>
  tensor(
    "float32",
    Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => i),
    dims,
  );
const three = {
  points: numbers([3, 2]),
  jacobians: numbers([3, 2, 2]),
  covariances: numbers([3, 1, 1]),
  confidences: numbers([3]),
} as unknown as Keypoints;

test("the chosen come in the order asked for, with all that they hold", () => {
  const chosen = selectKeypoints(three, [2, 0, 2]);
  expect([...chosen.points.data]).toEqual([4, 5, 0, 1, 4, 5]);
  expect([...chosen.jacobians!.data]).toEqual([8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]);
  expect([...chosen.covariances!.data]).toEqual([2, 0, 2]);
  expect([...chosen.confidences!.data]).toEqual([2, 0, 2]);
  expect([chosen.points.dims, chosen.jacobians!.dims]).toEqual([
    [3, 2],
    [3, 2, 2],
  ]);
  expect([chosen.covariances!.dims, chosen.confidences!.dims]).toEqual([[3, 1, 1], [3]]);
});

test("what is not there stays away, matrices of covariances stay matrices, and no memory is shared", () => {
  const original = { points: numbers([2, 2]), covariances: numbers([2, 2, 2]) } as unknown as Keypoints;
  const chosen = selectKeypoints(original, [1]);
  original.points.data[2] = 9;
  expect(Object.keys(chosen)).toEqual(["points", "covariances"]);
  expect([...chosen.points.data, ...chosen.covariances!.data]).toEqual([2, 3, 4, 5, 6, 7]);
  expect(chosen.covariances!.dims).toEqual([1, 2, 2]);
});

test("none may be chosen, and a number that is not there is refused", () => {
  expect(selectKeypoints(three, []).points.dims).toEqual([0, 2]);
  for (const index of [3, -1, 0.5]) {
    expect(() => selectKeypoints(three, [0, index])).toThrow(
      `selectKeypoints: there are keypoints 0 to 2, got ${index}.`,
    );
  }
});
