import { tensor, zeros } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import { coordinateOf } from "@bunraku/warp";
import fc from "fast-check";
import { expect, test } from "vitest";
import { heatmapsOf, poolJacobians, softArgmax } from "./soft-argmax.ts";

const maps = (values: readonly number[], dims: readonly number[]) => tensor("float32", Float32Array.from(values), dims);
const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

test("heatmaps are a softmax of scores over temperature: ln 3 · 0.1 more is three times as likely", () => {
  const { data } = heatmapsOf(maps([0, Math.log(3) * 0.1], [1, 1, 1, 2]), { temperature: 0.1 });
  expect(data[0]).toBeCloseTo(0.25, 6);
  expect(data[1]).toBeCloseTo(0.75, 6);
});

test("each heatmap sums to one and holds no NaN, also for scores of ±1e4", () => {
  const score = fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.constantFrom(1e4, -1e4));
  fc.assert(
    fc.property(fc.array(score, { minLength: 24, maxLength: 24 }), (scores) => {
      const { data } = heatmapsOf(maps(scores, [1, 2, 3, 4]), { temperature: 0.1 });
      expect(sum(data.subarray(0, 12))).toBeCloseTo(1, 5);
      expect(sum(data.subarray(12))).toBeCloseTo(1, 5);
    }),
  );
});

test("scores that are all 1e4 are all as likely", () => {
  expect([...heatmapsOf(maps([1e4, 1e4, 1e4, 1e4], [1, 1, 2, 2]), { temperature: 0.1 }).data]).toEqual([
    0.25, 0.25, 0.25, 0.25,
  ]);
});

test("one score of 1e4 takes the whole map", () => {
  expect([...heatmapsOf(maps([-1e4, 1e4, 0, 0], [1, 1, 2, 2]), { temperature: 0.1 }).data]).toEqual([0, 1, 0, 0]);
});

test("the soft argmax of a one-hot map is its coordinate", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 6 }), (row, column) => {
      const map = zeros([1, 1, 5, 7]);
      map.data[row * 7 + column] = 1;
      expect([...softArgmax(map).data]).toEqual([coordinateOf(column, 7), coordinateOf(row, 5)]);
    }),
  );
});

test("half on the left and half on the right is the middle", () => {
  expect([...softArgmax(maps([0.5, 0, 0.5, 0, 0, 0], [1, 1, 2, 3])).data]).toEqual([0, -1]);
});

test("±1 are the centres of the map's own corners, of each map on its own", () => {
  expect([...softArgmax(maps([1, 0, 0, 0, 0, 0, 0, 1], [1, 2, 2, 2])).data]).toEqual([-1, -1, 1, 1]);
});

test("a jacobian is the mean of its entries under its heatmap", () => {
  const heatmaps = maps([0.25, 0.75], [1, 1, 1, 2]);
  const entries = maps([4, 8, 0, 4, 8, 0, 1, 1], [1, 4, 1, 2]);
  const { dims, data } = poolJacobians(heatmaps, entries);
  expect(dims).toEqual([1, 2, 2]);
  expect([...data]).toEqual([7, 3, 2, 1]); // xx, xy, yx, yy
});

test("channel 4k + c is entry c of keypoint k", () => {
  const heatmaps = maps([1, 1, 1], [1, 3, 1, 1]);
  const entries = maps([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [1, 12, 1, 1]);
  expect([...poolJacobians(heatmaps, entries).data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test("one map of four entries serves every keypoint, each under its own heatmap", () => {
  const heatmaps = maps([1, 0, 0, 1], [1, 2, 1, 2]);
  const entries = maps([1, 5, 2, 6, 3, 7, 4, 8], [1, 4, 1, 2]);
  expect([...poolJacobians(heatmaps, entries).data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("wrong shapes are named", () => {
  expect(() => heatmapsOf(noise([2, 3, 4, 4]), { temperature: 0.1 })).toThrow(
    "heatmapsOf scores: expected [1, K, H, W], got [2, 3, 4, 4].",
  );
  expect(() => softArgmax(noise([3, 4, 4]))).toThrow("softArgmax heatmaps: expected [1, K, H, W], got [3, 4, 4].");
  expect(() => poolJacobians(noise([1, 3]), noise([1, 12, 4, 4]))).toThrow(
    "poolJacobians heatmaps: expected [1, K, H, W], got [1, 3].",
  );
  expect(() => poolJacobians(noise([1, 3, 4, 4]), noise([1, 12, 4, 5]))).toThrow(
    "poolJacobians entries: expected [1, C, 4, 4], got [1, 12, 4, 5].",
  );
  expect(() => poolJacobians(noise([1, 3, 4, 4]), noise([1, 8, 4, 4]))).toThrow(
    "poolJacobians entries: expected 4 or 12 channels, got 8.",
  );
});
