import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { largestGap, pixelFlow, seeds, sizes, uniformFlow } from "../../testing/flows.ts";
import { endPointError } from "./end-point-error.ts";

const two = { height: 1, width: 2 };

test("distances of 5 and 0 pixels have the mean 2.5, and one of the two is an outlier", () => {
  expect(endPointError(pixelFlow([3, 4, 7, 7], two), pixelFlow([0, 0, 7, 7], two))).toMatchObject({
    mean: 2.5,
    error: { data: Float32Array.of(5, 0), dims: [1, 1, 2] },
    outliers: 0.5,
    counted: 2,
  });
});

test("an outlier is off by more than 3 pixels and by more than 5 % of the true length", () => {
  const outliers = (truth: number, distance: number) =>
    endPointError(uniformFlow(two, truth + distance, 0), uniformFlow(two, truth, 0)).outliers;
  expect([outliers(0, 3), outliers(0, 3.25)]).toEqual([0, 1]);
  expect([outliers(100, 5), outliers(100, 5.25)]).toEqual([0, 1]); // 3 is not enough of 100
  expect(outliers(20, 2.5)).toBe(0); // 12 %, and below 3
});

test("equal flows have no error, and the error is the same from either side", () => {
  fc.assert(
    fc.property(sizes(1, 20), seeds, seeds, ({ height, width }, one, other) => {
      const a = noise([1, height, width, 2], one, [-50, 50]);
      const b = noise([1, height, width, 2], other, [-50, 50]);
      expect(endPointError(a, a)).toMatchObject({ mean: 0, outliers: 0, counted: height * width });
      const [there, back] = [endPointError(a, b), endPointError(b, a)];
      expect(there.mean).toBe(back.mean);
      expect(largestGap(there.error.data, back.error.data)).toBe(0);
    }),
  );
});

test("only what is known of the truth counts", () => {
  const truth = pixelFlow([0, 0, Number.NaN, Number.NaN], two);
  const flow = pixelFlow([0, 2, 9, 9], two);
  expect(endPointError(flow, truth)).toMatchObject({
    mean: 2,
    error: { data: Float32Array.of(2, Number.NaN) },
    counted: 1,
  });
  const valid = tensor("bool", Uint8Array.of(0, 1), [1, 1, 2]);
  expect(endPointError(flow, pixelFlow([0, 0, 9, 8], two), { valid })).toMatchObject({ mean: 1, counted: 1 });
});

test("nothing to compare is refused, and so is a flow with holes where the truth is known", () => {
  const nowhere = uniformFlow(two, Number.NaN, 0);
  expect(() => endPointError(uniformFlow(two, 0, 0), nowhere)).toThrow(
    "endPointError: the truth is not known at any pixel that counts.",
  );
  expect(() => endPointError(pixelFlow([0, 0, Number.NaN, 0], two), uniformFlow(two, 0, 0))).toThrow(
    "endPointError: flow has no value at (1, 0), where the truth is known; fill it, or leave it out by valid.",
  );
});

test("wrong shapes are named", () => {
  const flow = uniformFlow(two, 0, 0);
  expect(() => endPointError(uniformFlow({ height: 2, width: 1 }, 0, 0), flow)).toThrow(
    "endPointError flow: expected [1, 1, 2, 2], got [1, 2, 1, 2].",
  );
  const valid = tensor("bool", new Uint8Array(3), [1, 1, 3]);
  expect(() => endPointError(flow, flow, { valid })).toThrow(
    "endPointError truth, valid: expected [1, 1, 2], got [1, 1, 3].",
  );
});
