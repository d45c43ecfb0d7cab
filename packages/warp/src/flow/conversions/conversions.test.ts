import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toPixels } from "../../grid-sample/grid-sample.ts";
import { identityGrid } from "../../identity-grid/identity-grid.ts";
import { displacementOf } from "../../picture-warp/displacement.ts";
import { largestGap, pixelFlow, seeds, sizes } from "../../testing/flows.ts";
import {
  flowFromOffsets,
  flowFromPixels,
  flowToOffsets,
  flowToPixels,
  offsetsToPixels,
  pixelsToOffsets,
} from "./conversions.ts";

const wide = { height: 2, width: 5 };

test("a flow reading two columns to the right and one row up is (2, -1) in pixels and (1, -2) in its own units", () => {
  const flow = identityGrid(wide);
  flow.data.set([0, 1], 0); // pixel (0, 0) reads (2, 1): u = 2, v = 1
  flow.data.set([1, -1], 16); // pixel (3, 1) reads (4, 0): u = 1, v = -1
  const wanted = new Float32Array(20);
  wanted.set([2, 1], 0);
  wanted.set([1, -1], 16);
  expect(flowToPixels(flow).data).toEqual(wanted);
  expect([...flowToOffsets(flow).data.subarray(0, 2)]).toEqual([1, 2]);
  expect([...flowToOffsets(flow).data.subarray(16, 18)]).toEqual([0.5, -2]);
  expect(flowFromPixels(pixelFlow([...wanted], wide)).data).toEqual(flow.data);
});

test("the identity is zero to the last bit, at every size, and zero is the identity", () => {
  fc.assert(
    fc.property(sizes(1, 80), (size) => {
      const identity = identityGrid(size);
      const still = new Float32Array(identity.data.length);
      expect(largestGap(flowToPixels(identity).data, still)).toBe(0);
      expect(largestGap(flowToOffsets(identity).data, still)).toBe(0);
      expect(largestGap(flowFromPixels(tensor("float32", still, identity.dims)).data, identity.data)).toBe(0);
      expect(largestGap(flowFromOffsets(tensor("float32", still, identity.dims)).data, identity.data)).toBe(0);
    }),
  );
});

// Flows lie in [-2, 2), displacements in ±3: one rounding to float32 is half a step, 2^-24 of the number below the next power of two.
test("there and back is the same flow, within one rounding of each number on the way", () => {
  fc.assert(
    fc.property(sizes(2, 40), seeds, fc.boolean(), (size, seed, alignCorners) => {
      const flow = noise([1, size.height, size.width, 2], seed, [-2, 2]);
      const again = flowFromPixels(flowToPixels(flow, { alignCorners }), { alignCorners });
      expect(largestGap(again.data, flow.data)).toBeLessThanOrEqual(2 ** -22);
      expect(largestGap(flowFromOffsets(flowToOffsets(flow)).data, flow.data)).toBeLessThanOrEqual(2 ** -22);
    }),
  );
});

test("displacements come back within the rounding of a flow's coordinates: 2^-22 of half the side", () => {
  fc.assert(
    fc.property(sizes(2, 40), seeds, fc.boolean(), (size, seed, alignCorners) => {
      const pixels = noise([1, size.height, size.width, 2], seed, [-20, 20]);
      const again = flowToPixels(flowFromPixels(pixels, { alignCorners }), { alignCorners });
      const largest = 1 + 40 / (Math.min(size.width, size.height) - 1); // of the coordinates
      const half = Math.max(size.width, size.height) / 2;
      expect(largestGap(again.data, pixels.data)).toBeLessThanOrEqual(largest * half * 2 ** -22);
    }),
  );
});

test("pixels by way of a flow's own units are the same pixels", () => {
  fc.assert(
    fc.property(sizes(2, 40), seeds, (size, seed) => {
      const flow = noise([1, size.height, size.width, 2], seed);
      const pixels = flowToPixels(flow);
      expect(largestGap(offsetsToPixels(flowToOffsets(flow)).data, pixels.data)).toBeLessThanOrEqual(40 * 2 ** -23);
      const offsets = pixelsToOffsets(pixels);
      expect(largestGap(offsetsToPixels(offsets).data, pixels.data)).toBeLessThanOrEqual(40 * 2 ** -23);
      expect(largestGap(flowFromOffsets(offsets).data, flow.data)).toBeLessThanOrEqual(2 ** -22);
    }),
  );
});

test("pixels are those that gridSample reads, aligned or not", () => {
  fc.assert(
    fc.property(sizes(2, 40), seeds, fc.boolean(), ({ height, width }, seed, alignCorners) => {
      const flow = noise([1, height, width, 2], seed);
      const pixels = flowToPixels(flow, { alignCorners });
      const places = pixels.data.map(
        (value, i) => value + (i % 2 === 0 ? (i >> 1) % width : Math.floor(i / 2 / width)),
      );
      const read = flow.data.map((value, i) => toPixels(value, i % 2 === 0 ? width : height, alignCorners));
      expect(largestGap(places, read)).toBeLessThan(2e-5);
    }),
    { numRuns: 20 },
  );
});

test("pixels are displacementOf times the size", () => {
  const flow = noise([1, 6, 9, 2], 3);
  for (const alignCorners of [true, false]) {
    const shares = displacementOf(flow, { alignCorners }).data.map((share, i) => share * (i % 2 === 0 ? 9 : 6));
    expect(largestGap(flowToPixels(flow, { alignCorners }).data, shares)).toBeLessThan(1e-5);
  }
});

test("along a side of one pixel nothing moves, unless edges are ±1", () => {
  const column = { height: 3, width: 1 };
  const read = flowToPixels(pixelFlow([0.5, -1, 0.5, 0, 0.5, 1], column));
  expect([...read.data]).toEqual([0, 0, 0, 0, 0, 0]);
  const moving = pixelFlow([0.25, 0, 0, 0, 0, 0], column);
  const message = (who: string) =>
    `${who}: a side of one pixel has no distances when corners are aligned, got a displacement of 0.25 along it; use alignCorners: false, or displace by 0.`;
  expect(() => flowFromPixels(moving)).toThrow(
    expect.objectContaining({ code: "OPTION", message: message("flowFromPixels") }),
  );
  expect(() => pixelsToOffsets(moving)).toThrow(message("pixelsToOffsets"));
  expect(flowFromPixels(moving, { alignCorners: false }).data[0]).toBe(0.5);
});

test("what is not a number stays so, and keeps to itself", () => {
  const unknown = pixelFlow([Number.NaN, 1, 0, 0, 0, 0, 0, 0], { height: 2, width: 2 });
  for (const convert of [
    flowToPixels,
    flowFromPixels,
    flowToOffsets,
    flowFromOffsets,
    offsetsToPixels,
    pixelsToOffsets,
  ]) {
    expect(convert(unknown).data.findIndex(Number.isNaN)).toBe(0);
    expect(convert(unknown).data.slice(1).some(Number.isNaN)).toBe(false);
  }
});

test("wrong shapes are named", () => {
  expect(() => flowToPixels(noise([1, 4, 4, 3]) as never)).toThrow(
    "flowToPixels flow: expected [1, H, W, 2], got [1, 4, 4, 3].",
  );
  expect(() => flowFromOffsets(noise([1, 0, 4, 2]))).toThrow(
    "flowFromOffsets flow: expected at least 1 × 1 pixels, got 4 × 0.",
  );
});
