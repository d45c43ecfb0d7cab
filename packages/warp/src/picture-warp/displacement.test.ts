import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import { expect, test } from "vitest";
import { type Flow, identityGrid } from "../identity-grid/identity-grid.ts";
import { displacementOf } from "./displacement.ts";

const largest = (data: Float32Array) => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const flow = (values: readonly number[], dims: readonly [1, number, number, 2]): Flow =>
  tensor("float32", Float32Array.from(values), dims);

test("the identity grid displaces nothing with aligned corners", () => {
  const { height, width, data } = displacementOf(identityGrid({ height: 5, width: 9 }), { alignCorners: true });
  expect([height, width, data.length]).toEqual([5, 9, 90]);
  expect(largest(data)).toBeLessThan(1e-6);
});

test("the identity grid displaces the outermost pixels by half a pixel with unaligned corners", () => {
  const { data } = displacementOf(identityGrid({ height: 3, width: 5 }), { alignCorners: false });
  expect([data[0], data[1]]).toEqual([Math.fround(-0.5 / 5), Math.fround(-0.5 / 3)]);
  expect(largest(data.subarray(14, 16))).toBe(0); // the middle stays
});

test("a displacement is a share of width and height, (x, y)", () => {
  // 2 × 4, aligned: reading at (1, -1), the top right corner, from pixel (0, 0) is 3 of 4 columns away.
  const { data } = displacementOf(flow([1, -1, ...new Array(14).fill(0)], [1, 2, 4, 2]), { alignCorners: true });
  expect([data[0], data[1]]).toEqual([0.75, 0]);
});

test("what is not finite displaces nothing", () => {
  const { data } = displacementOf(flow([Number.NaN, Infinity, -Infinity, Number.NaN], [1, 1, 2, 2]), {
    alignCorners: true,
  });
  expect([...data]).toEqual([0, 0, 0, 0]);
});

test("wrong shapes are named", () => {
  expect(() => displacementOf(noise([1, 4, 4, 3]) as never, { alignCorners: true })).toThrow(
    "flow: expected [1, H, W, 2], got [1, 4, 4, 3].",
  );
});
