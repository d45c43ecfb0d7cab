import { compareTensors, noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { identityGrid } from "../../identity-grid/identity-grid.ts";
import { type Affine, affineFlow, largestGap, seeds, sizes, uniformFlow } from "../../testing/flows.ts";
import { flowFromPixels, flowToPixels } from "../conversions/conversions.ts";
import { resizeFlow } from "./resize-flow.ts";

test("the identity is the identity at every size, and a flow of its own size is itself", () => {
  fc.assert(
    fc.property(sizes(1, 40), sizes(1, 40), seeds, (from, to, seed) => {
      expect(largestGap(resizeFlow(identityGrid(from), to).data, identityGrid(to).data)).toBe(0);
      const flow = noise([1, from.height, from.width, 2], seed);
      expect(largestGap(resizeFlow(flow, from).data, flow.data)).toBe(0);
    }),
  );
});

test("displacements in pixels grow with the distance of the corners: 2 of 4 become 5 of 10", () => {
  const large = resizeFlow(flowFromPixels(uniformFlow({ height: 3, width: 5 }, 2, -1)), { height: 5, width: 11 });
  expect(large.dims).toEqual([1, 5, 11, 2]);
  expect(compareTensors(flowToPixels(large), uniformFlow({ height: 5, width: 11 }, 5, -2)).maxAbsError).toBeLessThan(
    2e-6,
  );
});

test("an affine flow is the same affine flow at any size", () => {
  const affine: Affine = [0.8, 0.3, -0.2, 1.1, 0.1, -0.4];
  fc.assert(
    fc.property(sizes(2, 30), sizes(1, 30), (from, to) => {
      const gap = largestGap(resizeFlow(affineFlow(from, affine), to).data, affineFlow(to, affine).data);
      expect(gap).toBeLessThan(1e-6);
    }),
  );
});

test.each([
  { height: 0, width: 4 },
  { height: 4, width: 2.5 },
  { height: Number.NaN, width: 4 },
])("a size of $width × $height is refused", (size) => {
  expect(() => resizeFlow(identityGrid({ height: 2, width: 2 }), size)).toThrow(
    `resizeFlow: expected at least 1 × 1 whole pixels, got ${size.width} × ${size.height}.`,
  );
});
