import { tensor } from "@bunraku/backends";
import { expect, test } from "vitest";
import { copyKeypoints, disposeKeypoints, expectFinite, type Keypoints } from "./keypoints.ts";

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

test("covariances and confidences are checked too", () => {
  const covariances = tensor("float32", Float32Array.of(1, 1, Number.NaN), [3, 1, 1]);
  const bad: Keypoints = { ...keypoints([0, 0, 0, 0, 0, 0]), covariances };
  expect(() => expectFinite(bad, "source")).toThrow("the covariance of keypoint 2 is not a finite number");
});

test("a copy holds every part, and shares no memory", () => {
  const confidences = tensor("float32", Float32Array.of(0.5), [1]);
  const original: Keypoints = { ...keypoints([0, 0.5], [1, 0, 0, 1]), confidences };
  const copy = copyKeypoints(original);
  original.points.data[0] = 7;
  confidences.data[0] = 0;
  expect([...copy.points.data]).toEqual([0, 0.5]);
  expect([...copy.jacobians!.data]).toEqual([1, 0, 0, 1]);
  expect([...copy.confidences!.data]).toEqual([0.5]);
  expect(copy).not.toHaveProperty("covariances");
});

test("disposing frees every part", () => {
  const covariances = tensor("float32", Float32Array.of(1), [1, 1, 1] as const);
  const confidences = tensor("float32", Float32Array.of(0.5), [1]);
  const whole: Keypoints = { ...keypoints([0, 0.5], [1, 0, 0, 1]), covariances, confidences };
  disposeKeypoints(whole);
  for (const part of Object.values(whole)) expect(() => part.data).toThrow("after it was disposed");
});
