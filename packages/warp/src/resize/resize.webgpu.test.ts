import { tensor } from "@bunraku/backends";
import { compareTensors, noise, testKernel } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { runKernel } from "@bunraku/backends/webgpu";
import { expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { resizeKernel } from "./resize.webgpu.ts";
import { resizeBilinear } from "./resize-bilinear.ts";
import { resizeNearest } from "./resize-nearest.ts";

const device = await testDevice();
testKernel(resizeKernel, { device, backends });

const linear = { mode: "linear", coordinate_transformation_mode: "half_pixel" };
const nearest = { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
const sizes = (dims: readonly number[]) => ({ dims: [4], constant: BigInt64Array.from(dims, BigInt) });
const scales = (...values: number[]) => ({ dims: [4], constant: Float32Array.from(values) });

test.skipIf(!device).each([
  [
    [1, 3, 5, 7],
    [10, 14],
  ],
  [
    [1, 2, 9, 6],
    [4, 4],
  ],
  [
    [2, 1, 7, 5],
    [3, 11],
  ], // one side grows, one shrinks
  [
    [1, 1, 16, 16],
    [16, 8],
  ], // one side stays
  [
    [1, 1, 1, 4],
    [3, 9],
  ],
  [
    [1, 1, 6, 6],
    [1, 1],
  ],
] as const)("linear agrees with the definition, %o to %o", async (from, [height, width]) => {
  const image = noise(from);
  const dims = [from[0], from[1], height, width] as const;
  const inputs = [image, undefined, undefined, sizes(dims)];
  const [got] = await runKernel(device!, resizeKernel, inputs, [dims], linear);
  const { maxAbsError } = compareTensors(tensor("float32", got!, dims), resizeBilinear(image, { height, width }));
  expect(maxAbsError).toBeLessThan(1e-6);
});

test.skipIf(!device)("nearest agrees with the definition, by a whole factor", async () => {
  const image = noise([2, 3, 5, 7]);
  const dims = [2, 3, 10, 21] as const;
  const [got] = await runKernel(device!, resizeKernel, [image, undefined, scales(1, 1, 2, 3)], [dims], nearest);
  expect(got).toEqual(resizeNearest(image, { height: 10, width: 21 }).data);
});

test("what it does not do is left to the runtime", () => {
  const plan = (
    attributes: object,
    to: readonly number[],
    ...rest: (ReturnType<typeof sizes | typeof scales> | undefined)[]
  ) =>
    resizeKernel.plan({
      inputs: [{ dims: [1, 2, 4, 5] }, undefined, ...rest],
      outputs: [{ dims: to }],
      attributes: { ...attributes },
    });
  const twice = [1, 2, 8, 10];
  expect(plan(linear, twice, undefined, sizes(twice))).toBeDefined();
  expect(plan(linear, twice, scales(1, 1, 2, 2))).toBeDefined();
  expect(plan(nearest, twice, scales(1, 1, 2, 2))).toBeDefined();
  // Sizes that are not known, other modes, channels, a scale that is not a ratio of sizes, factors that are not whole.
  expect(plan(linear, twice)).toBeUndefined();
  expect(plan({ ...linear, mode: "cubic" }, twice, scales(1, 1, 2, 2))).toBeUndefined();
  expect(
    plan({ ...linear, coordinate_transformation_mode: "align_corners" }, twice, scales(1, 1, 2, 2)),
  ).toBeUndefined();
  expect(plan({ ...linear, antialias: 1 }, twice, scales(1, 1, 2, 2))).toBeUndefined();
  expect(plan({ ...nearest, nearest_mode: "ceil" }, twice, scales(1, 1, 2, 2))).toBeUndefined();
  expect(plan(linear, [1, 4, 8, 10], scales(1, 2, 2, 2))).toBeUndefined();
  expect(plan(linear, [1, 2, 5, 6], scales(1, 1, 1.3, 1.3))).toBeUndefined();
  expect(plan(nearest, [1, 2, 6, 10], undefined, sizes([1, 2, 6, 10]))).toBeUndefined();
});
