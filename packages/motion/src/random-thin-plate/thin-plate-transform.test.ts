import { readFileSync } from "node:fs";
import { tensor } from "@bunraku/backends";
import { compareTensors, noise } from "@bunraku/backends/testing";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  randomThinPlate,
  type ThinPlateTransform,
  transformImage,
  transformJacobians,
  transformPoints,
} from "./thin-plate-transform.ts";

const { tps } = JSON.parse(
  readFileSync(new URL("../../../../fixtures/golden/misc_fomm.json", import.meta.url), "utf8"),
) as {
  tps: Record<"theta" | "control_params" | "points" | "warped" | "jacobian", number[]> &
    Record<"frame_ac1" | "frame_ac0", { mean: number[]; samples_yx: [number, number][]; values: number[][] }>;
};
const floats = <const S extends readonly number[]>(values: ArrayLike<number>, dims: S) =>
  tensor("float32", Float32Array.from(values), dims);
const golden: ThinPlateTransform = { affine: floats(tps.theta, [2, 3]), weights: floats(tps.control_params, [5, 5]) };
const identity: ThinPlateTransform = {
  affine: floats([1, 0, 0, 0, 1, 0], [2, 3]),
  weights: floats([0, 0, 0, 0], [2, 2]),
};

describe("against PyTorch", () => {
  test("places and derivatives are its own", () => {
    const places = floats(tps.points, [5, 2]);
    expect(compareTensors(transformPoints(golden, places), floats(tps.warped, [5, 2])).maxAbsError).toBeLessThan(1e-6);
    const jacobians = transformJacobians(golden, places);
    expect(compareTensors(jacobians, floats(tps.jacobian, [5, 2, 2])).maxAbsError).toBeLessThan(1e-6);
  });

  test.each([
    ["aligned", true, tps.frame_ac1],
    ["not aligned", false, tps.frame_ac0],
  ] as const)("a deformed frame is its own, corners %s", (_, alignCorners, { mean, samples_yx, values }) => {
    const { data } = transformImage(golden, proceduralImage({ height: 64, width: 64 }, 2), { alignCorners });
    for (const [i, [y, x]] of samples_yx.entries())
      for (let c = 0; c < 3; c++) expect(Math.abs(data[(c * 64 + y) * 64 + x]! - values[i]![c]!)).toBeLessThan(1e-5);
    expect(data.reduce((sum, value) => sum + value, 0) / data.length).toBeCloseTo(mean[0]!, 6);
  });
});

test("the identity moves nothing and has identities as its derivative", () => {
  const places = noise([9, 2], 1, [-2, 2]);
  expect(transformPoints(identity, places).data).toEqual(places.data);
  expect([...transformJacobians(identity, places).data.subarray(0, 4)]).toEqual([1, 0, 0, 1]);
  const image = noise([2, 3, 6, 9], 2, [0, 1]);
  const same = transformImage(identity, image, { alignCorners: true });
  expect(compareTensors(same, image).maxAbsError).toBeLessThan(1e-5);
});

test("the derivative is that of the places, away from the lines of control points", () => {
  const step = 1e-3;
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: 2, max: 6 }), (seed, side) => {
      const transform = { affine: noise([2, 3], seed), weights: noise([side, side], seed + 1, [-0.1, 0.1]) };
      // In the middle of a cell: |x - q| has a kink at every q.
      const [x, y] = [0, seed % (side - 1)].map((cell) => (2 * cell + 1) / (side - 1) - 1);
      const around = floats([x! + step, y!, x! - step, y!, x!, y! + step, x!, y! - step], [4, 2]);
      const { data } = transformPoints(transform, around);
      const slope = (a: number, b: number) => (data[a]! - data[b]!) / (around.data[0]! - around.data[2]!);
      const { data: got } = transformJacobians(transform, floats([x!, y!], [1, 2]));
      for (const [i, value] of [slope(0, 2), slope(4, 6), slope(1, 3), slope(5, 7)].entries())
        expect(Math.abs(got[i]! - value)).toBeLessThan(2e-3);
    }),
  );
});

test("what is shown outside is the mirrored picture", () => {
  // One picture to the left of it: the whole picture, mirrored.
  const left = { ...identity, affine: floats([1, 0, -2, 0, 1, 0], [2, 3]) };
  const image = noise([1, 1, 3, 4], 3);
  const { data } = transformImage(left, image, { alignCorners: true });
  for (let i = 0; i < 12; i++) expect(data[i]).toBeCloseTo(image.data[i - (i % 4) + 3 - (i % 4)]!, 5);
});

test("each picture of a batch is deformed alike", () => {
  const image = noise([1, 2, 5, 4], 4);
  const twice = floats([...image.data, ...image.data], [2, 2, 5, 4]);
  const one = transformImage(golden, image, { alignCorners: true }).data;
  expect(transformImage(golden, twice, { alignCorners: true }).data).toEqual(Float32Array.of(...one, ...one));
});

test("drawn transforms have the deviations that were asked for, around the identity", () => {
  const { data: uniform } = noise([2 * (6 + 4096)], 5, [0, 1]);
  let next = 0;
  const { affine, weights } = randomThinPlate(() => uniform[next++]!, {
    affineDeviation: 0,
    weightDeviation: 0.02,
    side: 64,
  });
  expect([...affine.data]).toEqual([1, 0, 0, 0, 1, 0]);
  const mean = weights.data.reduce((sum, value) => sum + value, 0) / 4096;
  const deviation = Math.sqrt(weights.data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4096);
  expect(Math.abs(mean)).toBeLessThan(0.001);
  expect(Math.abs(deviation - 0.02)).toBeLessThan(0.001);
  const usual = randomThinPlate();
  expect([usual.affine.dims, usual.weights.dims]).toEqual([
    [2, 3],
    [5, 5],
  ]);
  expect(usual.affine.data).not.toEqual(randomThinPlate().affine.data);
  expect(randomThinPlate(() => 0, { side: 2 }).weights.data.every(Number.isFinite)).toBe(true);
});

test("wrong shapes and sizes are named", () => {
  const places = noise([3, 2]);
  expect(() => transformPoints({ ...golden, affine: noise([3, 2]) as never }, places)).toThrow(
    "affine: expected [2, 3], got [3, 2].",
  );
  expect(() => transformJacobians({ ...golden, weights: noise([5, 4]) }, places)).toThrow(
    "weights: expected [P, P], got [5, 4].",
  );
  expect(() => transformPoints({ ...golden, weights: noise([1, 1]) }, places)).toThrow("expected at least [2, 2]");
  expect(() => transformPoints(golden, noise([3, 3]))).toThrow("transformPoints places: expected [N, 2], got [3, 3].");
  expect(() => randomThinPlate(Math.random, { side: 1 })).toThrow(
    "side: expected a whole number of control points from 2 to 64, got 1.",
  );
});
