import { type Tensor, tensor, zeros } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sparseMotions } from "../sparse-motions/sparse-motions.ts";
import { fixtures, keypointsOf, type Mode, modes, readGolden } from "../testing/golden.ts";
import { transferMotion } from "../transfer-motion/transfer-motion.ts";
import { combineMotions } from "./combine-motions.ts";

describe.each(fixtures)("against PyTorch, %s", (name) => {
  test.each(
    (Object.keys(modes) as Mode[]).flatMap((mode) => [
      [mode, 1],
      [mode, 0],
    ]) as [Mode, 0 | 1][],
  )("mode %s, corners %d: its masks give its flow", (mode, corners) => {
    const golden = readGolden(name);
    const { mask, mask_points_yx: places, deformation } = golden[`${mode}_ac${corners}`];
    const side = golden.size * golden.config.generator_params.dense_motion_params.scale_factor;
    const source = keypointsOf(golden.kp_source);
    const { keypoints, jacobians } = transferMotion(
      source,
      keypointsOf(golden.kp_driving),
      keypointsOf(golden.kp_initial),
      modes[mode],
    );
    const motions = sparseMotions(source.points, keypoints.points, jacobians, { height: side, width: side });
    const masks = zeros([1, motions.dims[0], side, side]);
    for (const [i, [y, x]] of places.entries())
      for (const [k, share] of mask[i]!.entries()) masks.data[(k * side + y) * side + x] = share;
    const flow = combineMotions(motions, masks);
    for (const [i, [y, x]] of places.entries()) {
      const at = 2 * (y * side + x);
      expect(Math.abs(flow.data[at]! - deformation[i]![0])).toBeLessThan(1e-4);
      expect(Math.abs(flow.data[at + 1]! - deformation[i]![1])).toBeLessThan(1e-4);
    }
    expect(places.length).toBeGreaterThan(2);
  });
});

const motionOf = ({ data }: Tensor<"float32">, k: number, size: number) =>
  data.subarray(2 * k * size, 2 * (k + 1) * size);

test.each([0, 1, 2])("masks that are one-hot at %d pick that motion", (k) => {
  const motions = noise([3, 4, 5, 2], 1);
  const masks = zeros([1, 3, 4, 5]);
  masks.data.fill(1, k * 20, (k + 1) * 20);
  const flow = combineMotions(motions, masks);
  expect(flow.dims).toEqual([1, 4, 5, 2]);
  expect(flow.data).toEqual(motionOf(motions, k, 20));
});

test("each pixel follows its own masks", () => {
  const motions = tensor("float32", Float32Array.of(1, 2, 3, 4, 10, 20, 30, 40), [2, 1, 2, 2]);
  const masks = tensor("float32", Float32Array.of(1, 0.5, 0, 0.5), [1, 2, 1, 2]);
  expect([...combineMotions(motions, masks).data]).toEqual([1, 2, 16.5, 22]);
});

test("masks that sum to one keep a motion that all share", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), (raw) => {
      const total = raw.reduce((sum, value) => sum + value, 0);
      const shared = noise([1, 2, 3, 2], 4).data;
      const motions = tensor("float32", Float32Array.from([...shared, ...shared, ...shared]), [3, 2, 3, 2]);
      const masks = zeros([1, 3, 2, 3]);
      for (const [k, value] of raw.entries()) masks.data.fill(value / total, 6 * k, 6 * (k + 1));
      const flow = combineMotions(motions, masks);
      for (const [i, value] of flow.data.entries()) expect(value).toBeCloseTo(shared[i]!, 5);
    }),
  );
});

test("wrong shapes are named", () => {
  expect(() => combineMotions(noise([3, 4, 5, 3]), noise([1, 3, 4, 5]))).toThrow(
    "combineMotions motions: expected [K + 1, H, W, 2], got [3, 4, 5, 3].",
  );
  expect(() => combineMotions(noise([3, 4, 5, 2]), noise([1, 2, 4, 5]))).toThrow(
    "combineMotions masks: expected [1, 3, 4, 5], got [1, 2, 4, 5].",
  );
});
