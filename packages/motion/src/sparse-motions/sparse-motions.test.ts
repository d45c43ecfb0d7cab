import { type Tensor, tensor } from "@bunraku/backends";
import { compareTensors, noise } from "@bunraku/backends/testing";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import { antiAliasDown, gridSample, identityGrid } from "@bunraku/warp";
import { describe, expect, test } from "vitest";
import { fixtures, keypointsOf, type Mode, modes, readGolden } from "../testing/golden.ts";
import { transferMotion } from "../transfer-motion/transfer-motion.ts";
import { sparseMotions } from "./sparse-motions.ts";

const floats = (values: readonly number[], dims: readonly number[]) =>
  tensor("float32", Float32Array.from(values), dims);

describe.each(fixtures)("against PyTorch, %s", (name) => {
  test.each(
    (Object.keys(modes) as Mode[]).flatMap((mode) => [
      [mode, true],
      [mode, false],
    ]) as [Mode, boolean][],
  )("mode %s with aligned corners %s deforms the source as it does", (mode, alignCorners) => {
    const golden = readGolden(name);
    const wanted = golden[`${mode}_ac${alignCorners ? 1 : 0}`];
    const size = { height: golden.size, width: golden.size };
    const image = antiAliasDown(
      proceduralImage(size, 0),
      golden.config.generator_params.dense_motion_params.scale_factor,
    );
    const [, , height, width] = image.dims;
    const source = keypointsOf(golden.kp_source);
    const { keypoints, jacobians } = transferMotion(
      source,
      keypointsOf(golden.kp_driving),
      keypointsOf(golden.kp_initial),
      modes[mode],
    );
    const motions = sparseMotions(source.points, keypoints.points, jacobians, { height, width });
    const deformed = [0, 1].map((k) => gridSample(image, motionOf(motions, k), { alignCorners }));
    for (const [i, [y, x]] of wanted.mask_points_yx.entries()) {
      for (let channel = 0; channel < 6; channel++) {
        const got = deformed[Math.floor(channel / 3)]!.data[((channel % 3) * height + y) * width + x]!;
        expect(Math.abs(got - wanted.sparse_deformed_k0_k1[i]![channel]!)).toBeLessThan(1e-4);
      }
    }
    expect(wanted.mask_points_yx.length).toBeGreaterThan(2);
  });
});

/** Motion k as a flow. */
function motionOf(motions: Tensor<"float32">, k: number): Tensor<"float32"> {
  const [, height, width] = motions.dims as readonly [number, number, number, 2];
  const size = height * width * 2;
  return tensor("float32", motions.data.subarray(k * size, (k + 1) * size), [1, height, width, 2]);
}

const size = { height: 4, width: 5 };

test("the background does not move", () => {
  const motions = sparseMotions(noise([3, 2], 1), noise([3, 2], 2), noise([3, 2, 2], 3), size);
  expect(motions.dims).toEqual([4, 4, 5, 2]);
  expect(motionOf(motions, 0).data).toEqual(identityGrid(size).data);
});

test("without jacobians a motion is a translation by s - d", () => {
  const motions = sparseMotions(floats([0.5, -0.25], [1, 2]), floats([0.25, 0.5], [1, 2]), undefined, size);
  const { data: grid } = identityGrid(size);
  const { data } = motionOf(motions, 1);
  for (let i = 0; i < data.length; i += 2) {
    expect(data[i]! - grid[i]!).toBeCloseTo(0.25, 6);
    expect(data[i + 1]! - grid[i + 1]!).toBeCloseTo(-0.75, 6);
  }
});

test("jacobians that are the identity are zeroth order", () => {
  const [source, driving] = [noise([2, 2], 1), noise([2, 2], 2)];
  const identities = floats([1, 0, 0, 1, 1, 0, 0, 1], [2, 2, 2]);
  expect(sparseMotions(source, driving, identities, size).data).toEqual(
    sparseMotions(source, driving, undefined, size).data,
  );
});

test("around d the source is read around s, by the jacobian: T(z) = s + J (z - d)", () => {
  // 3 × 3: places -1, 0, 1. s = (0.5, 0.25), d = (1, 0), J = [[2, 3], [5, 7]].
  const motions = sparseMotions(floats([0.5, 0.25], [1, 2]), floats([1, 0], [1, 2]), floats([2, 3, 5, 7], [1, 2, 2]), {
    height: 3,
    width: 3,
  });
  const at = (row: number, column: number) => [
    ...motionOf(motions, 1)
      .data.subarray(2 * (row * 3 + column))
      .slice(0, 2),
  ];
  expect(at(1, 2)).toEqual([0.5, 0.25]); // z = d
  expect(at(1, 1)).toEqual([0.5 - 2, 0.25 - 5]); // z - d = (-1, 0): minus the first column of J
  expect(at(2, 2)).toEqual([0.5 + 3, 0.25 + 7]); // z - d = (0, 1): the second column
});

test("each keypoint has its own motion", () => {
  const motions = sparseMotions(floats([0, 0, 0.5, 0.5], [2, 2]), floats([0, 0, 0, 0], [2, 2]), undefined, size);
  expect(motionOf(motions, 1).data).toEqual(identityGrid(size).data);
  expect(motionOf(motions, 2).data[0]).toBe(-0.5);
});

test("a translation by whole pixels moves the picture by whole pixels", () => {
  const image = noise([1, 1, 3, 5], 1);
  // One column of five is 0.5: reading further right by that shows the picture one column to the left.
  const motions = sparseMotions(floats([0.5, 0], [1, 2]), floats([0, 0], [1, 2]), undefined, { height: 3, width: 5 });
  const moved = gridSample(image, motionOf(motions, 1), { alignCorners: true });
  const wanted = Array.from({ length: 15 }, (_, i) => (i % 5 < 4 ? image.data[i + 1]! : 0));
  expect(compareTensors(moved, floats(wanted, [1, 1, 3, 5])).maxAbsError).toBeLessThan(1e-6);
});

test("wrong shapes are named", () => {
  const two = noise([2, 2]);
  expect(() => sparseMotions(noise([2, 3]), two, undefined, size)).toThrow(
    "sparseMotions source: expected [K, 2], got [2, 3].",
  );
  expect(() => sparseMotions(two, noise([3, 2]), undefined, size)).toThrow(
    "sparseMotions driving: expected [2, 2], got [3, 2].",
  );
  expect(() => sparseMotions(two, two, noise([2, 4]), size)).toThrow(
    "sparseMotions jacobians: expected [2, 2, 2], got [2, 4].",
  );
});
