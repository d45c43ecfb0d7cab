import { compareTensors, noise } from "@bunraku/backends/testing";
import { expect, test } from "vitest";
import { combineMotions } from "../combine-motions/combine-motions.ts";
import { sparseMotions } from "../sparse-motions/sparse-motions.ts";
import { mixMotions } from "./mix-motions.ts";

test.each([
  [1, 1, 1],
  [3, 6, 5],
  [7, 1, 4],
  [7, 5, 1],
])("it agrees with its definition, %d keypoints at %d × %d, with jacobians and without", (count, height, width) => {
  const [source, driving, jacobians] = [noise([count, 2], 1), noise([count, 2], 2), noise([count, 2, 2], 3, [-3, 3])];
  const masks = noise([1, count + 1, height, width], 4, [0, 1]);
  for (const each of [jacobians, undefined]) {
    const wanted = combineMotions(sparseMotions(source, driving, each, { height, width }), masks);
    const got = mixMotions(source, driving, each, masks);
    expect(got.dims).toEqual(wanted.dims);
    expect(compareTensors(got, wanted).maxAbsError).toBeLessThan(1e-5);
  }
});

test("wrong shapes are named", () => {
  const two = noise([2, 2]);
  expect(() => mixMotions(two, noise([3, 2]), undefined, noise([1, 3, 2, 2]))).toThrow(
    "mixMotions driving: expected [2, 2], got [3, 2].",
  );
  expect(() => mixMotions(two, two, undefined, noise([1, 2, 2, 2]))).toThrow(
    "mixMotions masks: expected [1, 3, H, W], got [1, 2, 2, 2].",
  );
});
