import { tensor } from "@bunraku/backends";
import { compareTensors, noise } from "@bunraku/backends/testing";
import { inverse2, type Keypoints, type Matrix2 } from "@bunraku/keypoints";
import { landmarkKeypoints } from "@bunraku/keypoints/landmarks";
import { gridSample, identityGrid } from "@bunraku/warp";
import fc from "fast-check";
import { expect, test } from "vitest";
import { transferMotion } from "../transfer-motion/transfer-motion.ts";
import { closedFormDenseMotion } from "./closed-form-dense-motion.ts";

const size = { height: 6, width: 7 };
const at = (values: ArrayLike<number>): Keypoints => ({
  points: tensor("float32", Float32Array.from(values), [values.length / 2, 2]),
});
const apply = ([xx, xy, yx, yy]: Matrix2, [tx, ty]: readonly [number, number], data: ArrayLike<number>) =>
  Array.from({ length: data.length }, (_, i) => {
    const [x, y] = [data[i - (i % 2)]!, data[i - (i % 2) + 1]!];
    return i % 2 === 0 ? xx * x + xy * y + tx : yx * x + yy * y + ty;
  });
/** Where a content that moves by z → matrix · z + by is read from. */
const flowOf = (matrix: Matrix2, by: readonly [number, number]) => {
  const back = inverse2(matrix)!;
  const home = apply(back, [0, 0], by).map((value) => -value) as [number, number];
  return tensor("float32", Float32Array.from(apply(back, home, identityGrid(size).data)), [1, 6, 7, 2]);
};
const flat = fc.double({ min: -0.4, max: 0.4, noNaN: true });
const matrix = fc.tuple(flat, flat, flat, flat).map(([a, b, c, d]): Matrix2 => [1 + a, b, c, 1 + d]);
const shift = fc.tuple(flat, flat);

test("keypoints that have not moved move nothing, with jacobians that are the identity and without", () => {
  const still = at(noise([5, 2], 1).data);
  const identities = tensor(
    "float32",
    Float32Array.from({ length: 20 }, (_, i) => (i % 4 === 0 || i % 4 === 3 ? 1 : 0)),
    [5, 2, 2],
  );
  for (const jacobians of [undefined, identities]) {
    const { flow, masks } = closedFormDenseMotion(still, still, jacobians, size);
    expect(compareTensors(flow, identityGrid(size)).maxAbsError).toBeLessThan(1e-6);
    expect([flow.dims, masks.dims]).toEqual([
      [1, 6, 7, 2],
      [1, 6, 6, 7],
    ]);
  }
});

test("without a background, keypoints that all move by one affine map move every pixel by it", () => {
  fc.assert(
    fc.property(matrix, shift, (forward, by) => {
      const source = at(noise([6, 2], 3).data);
      const driving = at(apply(forward, by, source.points.data));
      const inverse = inverse2(forward)!;
      const jacobians = tensor(
        "float32",
        Float32Array.from({ length: 24 }, (_, i) => inverse[i % 4]!),
        [6, 2, 2],
      );
      const { flow } = closedFormDenseMotion(source, driving, jacobians, size, { background: 0 });
      expect(compareTensors(flow, flowOf(forward, by)).maxAbsError).toBeLessThan(1e-5);
    }),
  );
});

test("a driver's affine motion since its first frame moves the source by it: landmarks, fit, transfer, dense motion", () => {
  fc.assert(
    fc.property(matrix, shift, (forward, by) => {
      const still = noise([8, 2], 4).data;
      const [initial, now] = landmarkKeypoints([at(still), at(apply(forward, by, still))]);
      const { keypoints, jacobians } = transferMotion(initial!, now!, initial!);
      const { flow } = closedFormDenseMotion(initial!, keypoints, jacobians, size, { background: 0 });
      expect(compareTensors(flow, flowOf(forward, by)).maxAbsError).toBeLessThan(1e-4);

      // Another source keeps its own layout: its points take the driver's steps, their surroundings the driver's matrix.
      const [source] = landmarkKeypoints([at(noise([8, 2], 5).data)]);
      const other = transferMotion(source!, now!, initial!);
      for (const [i, entry] of other.jacobians!.data.entries()) {
        expect(entry).toBeCloseTo(inverse2(forward)![i % 4]!, 4);
      }
      const step = apply(forward, by, still).map((place, i) => place - still[i]!);
      for (const [i, place] of other.keypoints.points.data.entries()) {
        expect(place).toBeCloseTo(source!.points.data[i]! + step[i]!, 5);
      }
    }),
  );
});

test("a picture of one colour stays so", () => {
  const { flow } = closedFormDenseMotion(
    at(noise([4, 2], 1).data),
    at(noise([4, 2], 2).data),
    noise([4, 2, 2], 3),
    size,
  );
  const grey = tensor("float32", new Float32Array(42).fill(0.4), [1, 1, 6, 7]);
  const moved = gridSample(grey, flow, { alignCorners: true, padding: "border" });
  for (const value of moved.data) expect(value).toBeCloseTo(0.4, 6);
});

test("content follows its keypoint, and what is far from it stays", () => {
  // From the middle to the right by one of four columns; read the other way round.
  const { flow } = closedFormDenseMotion(
    at([0, 0]),
    at([0.5, 0]),
    undefined,
    { height: 5, width: 5 },
    { variance: 0.01, background: 1e-6 },
  );
  expect(flow.data[2 * 13]).toBeCloseTo(0, 4); // at (0.5, 0) the source is read at (0, 0)
  expect([flow.data[2 * 10], flow.data[2 * 10 + 1]]).toEqual([-1, 0]); // at the left border nothing moves
});

test("a keypoint that was not found has no say, by whose confidences ever", () => {
  const [source, moved] = [noise([5, 2], 1).data.slice(), noise([5, 2], 2).data.slice()];
  const confidences = tensor("float32", Float32Array.of(0, 1, 1, 1, 1), [5]);
  const wanted = closedFormDenseMotion(at(source.slice(2)), at(moved.slice(2)), undefined, size).flow.data;
  const wild = moved.slice();
  wild.set([-1, -1]); // where a pixel of (0, 0) would put it
  expect(closedFormDenseMotion({ ...at(source), confidences }, at(wild), undefined, size).flow.data).toEqual(wanted);
  expect(closedFormDenseMotion(at(source), { ...at(wild), confidences }, undefined, size).flow.data).toEqual(wanted);
  expect(closedFormDenseMotion(at(source), at(wild), undefined, size, { confidences }).flow.data).toEqual(wanted);
});

test("confidences of source, driving and options multiply", () => {
  const half = tensor("float32", Float32Array.of(0.5), [1]);
  const [source, driving] = [
    { ...at([0, 0]), confidences: half },
    { ...at([0.1, 0]), confidences: half },
  ];
  const { masks } = closedFormDenseMotion(source, driving, undefined, size, { confidences: half });
  const eighth = tensor("float32", Float32Array.of(0.125), [1]);
  expect(masks).toEqual(
    closedFormDenseMotion(at([0, 0]), at([0.1, 0]), undefined, size, { confidences: eighth }).masks,
  );
});

test("what is not finite or does not fit is refused by name", () => {
  const two = at(noise([2, 2]).data);
  expect(() => closedFormDenseMotion(two, at([0, 0, Number.NaN, 0]), undefined, size)).toThrow(
    "closedFormDenseMotion driving: the point of keypoint 1 is not a finite number (NaN).",
  );
  expect(() => closedFormDenseMotion(two, at([0, 0]), undefined, size)).toThrow("expected [2, 2], got [1, 2].");
  const one = tensor("float32", Float32Array.of(1), [1]);
  expect(() => closedFormDenseMotion({ ...two, confidences: one }, two, undefined, size)).toThrow(
    "closedFormDenseMotion confidences: expected [2], got [1].",
  );
});
