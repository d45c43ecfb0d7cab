import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import { expect, test } from "vitest";
import { occlude } from "./occlude.ts";

const floats = (values: readonly number[], dims: readonly number[]) =>
  tensor("float32", Float32Array.from(values), dims);

test("every channel is faded by the same map", () => {
  const features = floats([1, 2, 3, 4, 10, 20, 30, 40], [1, 2, 2, 2]);
  const { dims, data } = occlude(features, floats([1, 0.5, 0.25, 0], [1, 1, 2, 2]));
  expect(dims).toEqual([1, 2, 2, 2]);
  expect([...data]).toEqual([1, 1, 0.75, 0, 10, 10, 7.5, 0]);
});

test("a map of another size is resized bilinearly", () => {
  expect([...occlude(floats([1, 1, 1, 1], [1, 1, 1, 4]), floats([0, 1], [1, 1, 1, 2])).data]).toEqual([
    0, 0.25, 0.75, 1,
  ]);
});

test("inputs keep their numbers", () => {
  const features = floats([4], [1, 1, 1, 1]);
  expect(occlude(features, floats([0.5], [1, 1, 1, 1])).data).not.toBe(features.data);
  expect([...features.data]).toEqual([4]);
});

test("wrong shapes are named", () => {
  expect(() => occlude(noise([2, 3, 4, 4]), noise([1, 1, 4, 4]))).toThrow(
    "occlude features: expected [1, C, H, W], got [2, 3, 4, 4].",
  );
  expect(() => occlude(noise([1, 3, 4, 4]), noise([1, 3, 4, 4]))).toThrow(
    "occlude occlusion: expected [1, 1, h, w], got [1, 3, 4, 4].",
  );
});
