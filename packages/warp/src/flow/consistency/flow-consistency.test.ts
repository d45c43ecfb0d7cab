import fc from "fast-check";
import { expect, test } from "vitest";
import { pixelFlow, seeds, smoothFlow, uniformFlow } from "../../testing/flows.ts";
import { flowToPixels } from "../conversions/conversions.ts";
import { invertFlow } from "../invert/invert-flow.ts";
import { flowConsistency } from "./flow-consistency.ts";

const row = { height: 1, width: 8 };

test("a way there and the same way back is consistent, except where it leaves the picture", () => {
  const { error, occluded } = flowConsistency(uniformFlow(row, 2, 0), uniformFlow(row, -2, 0));
  expect([...error.data]).toEqual([0, 0, 0, 0, 0, 0, Number.NaN, Number.NaN]);
  expect([...occluded.data]).toEqual([0, 0, 0, 0, 0, 0, 1, 1]);
});

test("the way back is taken from where the way there ends, between pixels", () => {
  const back = pixelFlow([0, 0, 0, 0, 0, 0, 4, 0, 8, 0, 0, 0, 0, 0, 0, 0], row); // 4 at pixel 3, 8 at pixel 4
  const there = pixelFlow([3.5, 0, ...new Array(14).fill(0)], row);
  expect(flowConsistency(there, back).error.data[0]).toBe(9.5); // 3.5 + (4 + 8) / 2
});

test("the threshold is 0.01 (|wf|² + |wb|²) + 0.5, not included", () => {
  // Standing still against a way back of b: b² < 0.01 b² + 0.5 up to b = √(0.5 / 0.99) = 0.71067…
  const occluded = (b: number) => flowConsistency(uniformFlow(row, 0, 0), uniformFlow(row, b, 0)).occluded.data[0];
  expect([occluded(0.71), occluded(0.711)]).toEqual([0, 1]);
  // Longer flows are allowed more: 4 and -3 differ by 1 < 0.01 · 25 + 0.5 only with a larger share.
  const pair = [uniformFlow(row, 4, 0), uniformFlow(row, -3, 0)] as const;
  expect(flowConsistency(...pair).occluded.data[0]).toBe(1);
  expect(flowConsistency(...pair, { alpha1: 0.03 }).occluded.data[0]).toBe(0);
  expect(flowConsistency(...pair, { alpha2: 0.75 }).occluded.data[0]).toBe(1);
  expect(flowConsistency(...pair, { alpha2: 0.76 }).occluded.data[0]).toBe(0);
});

test("what is not known is not confirmed", () => {
  const hole = pixelFlow([Number.NaN, 0, ...new Array(14).fill(0)], row);
  const still = uniformFlow(row, 0, 0);
  for (const { error, occluded } of [flowConsistency(hole, still), flowConsistency(still, hole)]) {
    expect([error.data[0], error.data[1]]).toEqual([Number.NaN, 0]);
    expect([...occluded.data]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
  }
});

test("a flow and its inverse confirm each other where both read inside", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const flow = smoothFlow({ height: 24, width: 32 }, seed, 0.4);
      const { flow: inverse, valid } = invertFlow(flow);
      const { error, occluded } = flowConsistency(flowToPixels(inverse), flowToPixels(flow));
      for (let i = 0; i < valid.data.length; i++) {
        // At the very border, the tolerance decides what is inside.
        if (valid.data[i] === 0 || Number.isNaN(error.data[i])) continue;
        if (!(error.data[i]! < 0.0011) || occluded.data[i] !== 0)
          expect([i, error.data[i], occluded.data[i]]).toBe("confirmed");
      }
      expect(occluded.data.reduce((sum, is) => sum + is, 0)).toBeLessThan(24 * 32 * 0.35);
    }),
    { numRuns: 30 },
  );
});

test("wrong arguments are named", () => {
  expect(() => flowConsistency(uniformFlow(row, 0, 0), uniformFlow({ height: 8, width: 1 }, 0, 0))).toThrow(
    "flowConsistency backward: expected [1, 1, 8, 2], got [1, 8, 1, 2].",
  );
  expect(() => flowConsistency(uniformFlow(row, 0, 0), uniformFlow(row, 0, 0), { alpha2: -1 })).toThrow(
    "flowConsistency: alpha2 must be a number of at least 0, got -1.",
  );
});
