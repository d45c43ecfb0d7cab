import { readFileSync } from "node:fs";
import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import { type Keypoints, matrixAt, multiply2 } from "@bunraku/keypoints";
import { expect, test } from "vitest";
import { jacobianEquivariance, pointEquivariance } from "./equivariance.ts";
import {
  randomThinPlate,
  type ThinPlateTransform,
  transformJacobians,
  transformPoints,
} from "./thin-plate-transform.ts";

const floats = <const S extends readonly number[]>(values: ArrayLike<number>, dims: S) =>
  tensor("float32", Float32Array.from(values), dims);
const transform = randomThinPlate(() => 0.3);

/** Keypoints of the deformed picture, and those that the original picture has if they move along. */
function movingAlong(count: number): { original: Keypoints; transformed: Keypoints } {
  const transformed = { points: noise([count, 2], 1), jacobians: noise([count, 2, 2], 2, [0.5, 1.5]) };
  const gradients = transformJacobians(transform, transformed.points).data;
  const jacobians = Array.from({ length: count }, (_, k) =>
    multiply2(matrixAt(gradients, k), matrixAt(transformed.jacobians.data, k)),
  );
  const points = transformPoints(transform, transformed.points);
  return { original: { points, jacobians: floats(jacobians.flat(), [count, 2, 2]) }, transformed };
}

test("the value of jacobians is PyTorch's", () => {
  const { tps, equivariance } = JSON.parse(
    readFileSync(new URL("../../../../fixtures/golden/misc_fomm.json", import.meta.url), "utf8"),
  );
  const golden: ThinPlateTransform = { affine: floats(tps.theta, [2, 3]), weights: floats(tps.control_params, [5, 5]) };
  const points = floats(tps.points.slice(0, 2), [1, 2]); // where it was evaluated
  const driving = { points, jacobians: floats(equivariance.J_driving, [1, 2, 2]) };
  const transformed = { points, jacobians: floats(equivariance.J_transformed, [1, 2, 2]) };
  expect(jacobianEquivariance(driving, transformed, golden)).toBeCloseTo(equivariance.value[0], 6);
});

test("keypoints and jacobians that move along are equivariant: 0", () => {
  const { original, transformed } = movingAlong(6);
  expect(pointEquivariance(original, transformed, transform)).toBeLessThan(1e-6);
  expect(jacobianEquivariance(original, transformed, transform)).toBeLessThan(1e-4);
});

test("a point that is off by 0.25 in x, among four, costs 0.25 / 8", () => {
  const { original, transformed } = movingAlong(4);
  const off = floats(original.points.data, [4, 2]);
  off.data[2]! += 0.25;
  expect(pointEquivariance({ points: off }, transformed, transform)).toBeCloseTo(0.25 / 8, 6);
});

test("a jacobian that is twice too large costs half of each diagonal entry", () => {
  const { original, transformed } = movingAlong(2);
  const twice = {
    ...original,
    jacobians: floats(
      original.jacobians!.data.map((value) => 2 * value),
      [2, 2, 2],
    ),
  };
  expect(jacobianEquivariance(twice, transformed, transform)).toBeCloseTo((0.5 + 0.5) / 4, 4);
});

test("missing and singular jacobians, and other numbers of keypoints, are refused", () => {
  const { original, transformed } = movingAlong(2);
  expect(() => jacobianEquivariance({ points: original.points }, transformed, transform)).toThrow(
    "both keypoints must have jacobians",
  );
  const flat = { ...original, jacobians: floats([1, 0, 0, 1, 1, 1, 1, 1], [2, 2, 2]) };
  expect(() => jacobianEquivariance(flat, transformed, transform)).toThrow(
    "the jacobian of keypoint 1 cannot be inverted",
  );
  expect(() => pointEquivariance(original, movingAlong(3).transformed, transform)).toThrow(
    "expected [2, 2], got [3, 2].",
  );
});
