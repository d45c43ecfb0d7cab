import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import { expect, test } from "vitest";
import type { Keypoints } from "../../keypoints.ts";
import { type FillOptions, fillMissing } from "./fill-missing.ts";

const at = (values: ArrayLike<number>, confidences?: readonly number[]): Keypoints => ({
  points: tensor("float32", Float32Array.from(values), [values.length / 2, 2]),
  ...(confidences && { confidences: tensor("float32", Float32Array.from(confidences), [confidences.length]) }),
});
const rest = [...noise([8, 2], 1).data];
const move = (data: readonly number[]) =>
  data.map((value, i) =>
    i % 2 === 0 ? 1.1 * value - 0.2 * data[i + 1]! + 0.1 : 0.3 * data[i - 1]! + 0.8 * value - 0.05,
  );
const moved = move(rest);
/** Point 3 was not found: its place is that of a pixel (0, 0). */
const gap = moved.map((value, i) => (i === 6 || i === 7 ? -1 : value));
const sure = [0.9, 1, 1, 0, 1, 1, 1, 1];
const numbers = (data: Float32Array) => [...data].map((value) => Math.round(value * 1e4) / 1e4 + 0);

test("fit puts a point where its neighbours have gone, exactly so for an affine motion", () => {
  const { points, confidences } = fillMissing(at(gap, sure), at(rest));
  expect(numbers(points.data)).toEqual(numbers(Float32Array.from(moved)));
  expect(numbers(confidences!.data)).toEqual([0.9, 1, 1, 1, 1, 1, 1, 1]);
});

test("hold keeps the place of the frame before", () => {
  const { points, confidences } = fillMissing(at(gap, sure), at(rest, [1, 1, 1, 0.5, 1, 1, 1, 1]), { missing: "hold" });
  expect([...points.data.subarray(6, 8)]).toEqual(rest.slice(6, 8));
  expect([...points.data.subarray(0, 6)]).toEqual([...Float32Array.from(moved.slice(0, 6))]);
  expect(confidences!.data[3]).toBe(0.5);
});

test("drop keeps a point at rest and out of everything", () => {
  const { points, confidences } = fillMissing(at(gap, sure), at(rest), { missing: "drop" });
  expect([...points.data.subarray(6, 8)]).toEqual(rest.slice(6, 8));
  expect(confidences!.data[3]).toBe(0);
});

test("a filled point counts as told, and never more than it counted before", () => {
  expect(fillMissing(at(gap, sure), at(rest), { confidence: 0.25 }).confidences!.data[3]).toBe(0.25);
  const before = at(rest, [1, 1, 1, 0.125, 1, 1, 1, 1]);
  expect(fillMissing(at(gap, sure), before, { missing: "hold" }).confidences!.data[3]).toBe(0.125);
});

test.each(["fit", "hold", "drop"] as const)("%s leaves out a point that was never found", (missing) => {
  const { points, confidences } = fillMissing(at(gap, sure), at(rest, sure), { missing });
  expect([...points.data.subarray(6, 8), confidences!.data[3]]).toEqual([...rest.slice(6, 8), 0]);
});

test("when nothing was found, fit stays at rest, with no say", () => {
  const none = new Array(8).fill(0);
  const { points, confidences } = fillMissing(at(new Array(16).fill(0), none), at(rest));
  expect([...points.data]).toEqual(rest);
  expect([...confidences!.data]).toEqual(none);
});

test("one point found carries all others along; two turn and scale them", () => {
  const one = fillMissing(at([0.3, 0.1, 0, 0, 0, 0], [1, 0, 0]), at([0, 0, 0.5, 0, 0, 0.5]));
  expect(numbers(one.points.data)).toEqual([0.3, 0.1, 0.8, 0.1, 0.3, 0.6]);
  const two = fillMissing(at([0, 0, 0, 1, 0, 0], [1, 1, 0]), at([0, 0, 0.5, 0, 0, 0.5]));
  expect(numbers(two.points.data)).toEqual([0, 0, 0, 1, -1, 0]);
});

test("without confidences all were found, and the arguments are only read", () => {
  const frame = at(moved);
  const filled = fillMissing(frame, at(rest));
  expect([...filled.points.data]).toEqual([...frame.points.data]);
  expect([...filled.confidences!.data]).toEqual(new Array(8).fill(1));
  expect(filled.points.data).not.toBe(frame.points.data);
  const gapped = at(gap, sure);
  fillMissing(gapped, at(rest));
  expect([gapped.points.data[6], gapped.confidences!.data[3]]).toEqual([-1, 0]);
});

test.each<[FillOptions, string]>([
  [{ missing: "guess" as "fit" }, 'fillMissing: missing must be fit, hold or drop, got "guess".'],
  [{ confidence: 0 }, "fillMissing: confidence must be greater than 0 and at most 1, got 0."],
  [{ ridge: -1 }, "fillMissing: ridge must be greater than 0 and at most 1, got -1."],
  [{ neighbours: 0 }, "fillMissing: neighbours must be a whole number of at least 1, got 0."],
])("%o is refused", (options, message) => {
  expect(() => fillMissing(at(gap, sure), at(rest), options)).toThrow(message);
});
