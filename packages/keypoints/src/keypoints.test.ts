import { tensor } from "@bunraku/backends";
import { expect, test } from "vitest";
import { expectFinite, type Keypoints } from "./keypoints.ts";

const keypoints = (points: readonly number[], jacobians?: readonly number[]): Keypoints => ({
  points: tensor("float32", Float32Array.from(points), [points.length / 2, 2]),
  ...(jacobians && { jacobians: tensor("float32", Float32Array.from(jacobians), [jacobians.length / 4, 2, 2]) }),
});

test("finite keypoints pass, with jacobians and without", () => {
  expect(() => expectFinite(keypoints([0, 0.5]), "driving")).not.toThrow();
  expect(() => expectFinite(keypoints([0, 0.5], [1, 0, 0, 1]), "driving")).not.toThrow();
});

test("a coordinate that is not a number names its keypoint, counted from 0", () => {
  expect(() => expectFinite(keypoints([0, 0, 0, 0, 0, Number.NaN]), "driving")).toThrow(
    "driving: the point of keypoint 2 is not a finite number (NaN). Are the weights damaged?",
  );
});

test("an infinite jacobian entry names its keypoint", () => {
  const bad = keypoints([0, 0, 0, 0], [1, 0, 0, 1, -Infinity, 0, 0, 1]);
  expect(() => expectFinite(bad, "source")).toThrow(
    "source: the jacobian of keypoint 1 is not a finite number (-Infinity). Are the weights damaged?",
  );
  expect(() => expectFinite(bad, "source")).toThrow(expect.objectContaining({ code: "MOTION" }));
});
