import { expect, test } from "vitest";
import { type DialOptions, readDial } from "./dial-options.ts";

test("one value stands for all keypoints, a list for each", () => {
  expect(readDial({ order: "spline", gain: 2, limit: 0.5, freeze: [2] }, 3, false)).toEqual({
    orders: ["spline", "spline", "spline"],
    gains: [2, 2, 2],
    limits: [0.5, 0.5, 0.5],
    frozen: [false, false, true],
  });
  const lists = { order: ["zeroth", "first"], gain: [0, -1], limit: [0, Infinity] } as const;
  expect(readDial(lists, 2, true)).toEqual({
    orders: lists.order,
    gains: lists.gain,
    limits: lists.limit,
    frozen: [false, false],
  });
});

test("the default is the model's own order, all of the motion, and no limit", () => {
  expect(readDial({}, 1, true)).toEqual({ orders: ["first"], gains: [1], limits: [Infinity], frozen: [false] });
  expect(readDial({}, 1, false).orders).toEqual(["zeroth"]);
});

test.each<[DialOptions, string]>([
  [
    { order: "second" as never },
    'order: expected "zeroth", "first" or "spline", or a list of 3 of them, got "second".',
  ],
  [{ order: ["zeroth"] }, 'order: expected "zeroth", "first" or "spline", or a list of 3 of them, got ["zeroth"].'],
  [{ order: null as never }, 'order: expected "zeroth", "first" or "spline", or a list of 3 of them, got null.'],
  [{ gain: Number.NaN }, "gain: expected a number from -10 to 10, or a list of 3 of them, got NaN."],
  [{ gain: [1, 1, 11] }, "gain: expected a number from -10 to 10, or a list of 3 of them, got [1, 1, 11]."],
  [{ gain: "1" as never }, 'gain: expected a number from -10 to 10, or a list of 3 of them, got "1".'],
  [{ limit: -0.1 }, "limit: expected a number of at least 0, or a list of 3 of them, got -0.1."],
  [{ limit: [] }, "limit: expected a number of at least 0, or a list of 3 of them, got []."],
  [{ freeze: [0, 3] }, "freeze: expected a list of keypoints from 0 to 2, got [0, 3]."],
  [{ freeze: [0.5] }, "freeze: expected a list of keypoints from 0 to 2, got [0.5]."],
  [{ freeze: 1 as never }, "freeze: expected a list of keypoints from 0 to 2, got 1."],
])("options that cannot be are refused, with what they may be: %j", (options, message) => {
  expect(() => readDial(options, 3, true)).toThrow(expect.objectContaining({ code: "OPTION", message }));
});

test("first order without jacobians is refused, also for one keypoint, with what there is", () => {
  for (const order of ["first", ["zeroth", "first", "spline"]] as const)
    expect(() => readDial({ order }, 3, false)).toThrow(
      'order: "first" needs jacobians, which this model does not estimate. It has "zeroth" and "spline".',
    );
});
