import { compareTensors, noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { gridSample } from "../../grid-sample/grid-sample.ts";
import { identityGrid } from "../../identity-grid/identity-grid.ts";
import {
  type Affine,
  affineFlow,
  flowOf,
  largestGap,
  pixelFlow,
  seeds,
  sizes,
  smoothFlow,
  uniformFlow,
} from "../../testing/flows.ts";
import { flowFromPixels, flowToPixels } from "../conversions/conversions.ts";
import { composeFlows } from "./compose-flows.ts";

test("the identity composed with anything, before or after, is that thing to the last bit", () => {
  fc.assert(
    fc.property(sizes(1, 40), sizes(1, 40), seeds, (size, other, seed) => {
      const flow = noise([1, size.height, size.width, 2], seed, [-2, 2]);
      const inside = noise([1, size.height, size.width, 2], seed);
      const [before, after] = [composeFlows(identityGrid(other), flow), composeFlows(flow, identityGrid(size))];
      expect(largestGap(before.flow.data, flow.data)).toBe(0);
      expect(largestGap(after.flow.data, flow.data)).toBe(0);
      expect(after.valid.data).not.toContain(0);
      expect(composeFlows(identityGrid(other), inside).valid.data).not.toContain(0);
    }),
  );
});

test("the second flow chooses the place, and the first says where that reads", () => {
  // 1 × 3. The second reads one to the left of each pixel, the first reads pixel 2 from pixel 0 and itself elsewhere.
  const first = flowOf({ height: 1, width: 3 }, (x) => [x === -1 ? 1 : x, 0]);
  const second = flowOf({ height: 1, width: 3 }, (x) => [x - 1, 0]);
  const { flow, valid } = composeFlows(first, second);
  expect([flow.data[2], flow.data[4]]).toEqual([1, 0]); // pixel 1 reads 0, which reads 2; pixel 2 reads 1
  expect([...valid.data]).toEqual([0, 1, 1]);
});

test("whole-pixel translations add up to the last bit where float32 holds the coordinates", () => {
  const shift = fc.integer({ min: -8, max: 8 });
  fc.assert(
    fc.property(shift, shift, shift, shift, (a, b, c, d) => {
      const size = { height: 9, width: 17 }; // 2/8 and 2/16
      const { flow } = composeFlows(flowFromPixels(uniformFlow(size, a, b)), flowFromPixels(uniformFlow(size, c, d)));
      expect(flow.data).toEqual(flowFromPixels(uniformFlow(size, a + c, b + d)).data);
    }),
  );
});

test("after a whole-pixel translation, any flow is read without mixing, at every size", () => {
  const shift = fc.integer({ min: -3, max: 3 });
  fc.assert(
    fc.property(sizes(4, 40), shift, shift, seeds, ({ height, width }, dx, dy, seed) => {
      const first = noise([1, height, width, 2], seed);
      const { flow, valid } = composeFlows(first, flowFromPixels(uniformFlow({ height, width }, dx, dy)));
      const inside = (i: number) => {
        const [x, y] = [(i % width) + dx, Math.floor(i / width) + dy];
        return x >= 0 && x < width && y >= 0 && y < height;
      };
      expect(
        largestGap(
          valid.data,
          valid.data.map((_, i) => (inside(i) ? 1 : 0)),
        ),
      ).toBe(0);
      // Mixed with a neighbour as little as a ten-thousandth, noise would be off by more than these two roundings.
      const read = flow.data.map((_, i) => first.data[i + 2 * (dy * width + dx)] ?? 0);
      expect(largestGap(flow.data, read, (i) => inside(i >> 1))).toBeLessThan(2 ** -22);
    }),
    { numRuns: 50 },
  );
});

const matrix: fc.Arbitrary<Affine> = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 })
  .map((values) => values as unknown as Affine);

test("affine flows compose as matrices multiply, inside", () => {
  fc.assert(
    fc.property(sizes(2, 30), sizes(1, 30), matrix, matrix, (size, other, p, q) => {
      const product: Affine = [
        p[0] * q[0] + p[1] * q[2],
        p[0] * q[1] + p[1] * q[3],
        p[2] * q[0] + p[3] * q[2],
        p[2] * q[1] + p[3] * q[3],
        p[0] * q[4] + p[1] * q[5] + p[4],
        p[2] * q[4] + p[3] * q[5] + p[5],
      ];
      const { flow, valid } = composeFlows(affineFlow(size, p), affineFlow(other, q));
      const wanted = affineFlow(other, product);
      expect(largestGap(flow.data, wanted.data, (i) => valid.data[i >> 1] === 1)).toBeLessThan(2e-6);
      const places = affineFlow(other, q).data;
      expect(
        largestGap(
          valid.data,
          valid.data.map((_, i) => (inSquare(places, i) ? 1 : 0)),
        ),
      ).toBe(0);
    }),
  );
});

const inSquare = (data: Float32Array, i: number) =>
  Math.abs(data[2 * i]!) <= 1 + 2 ** -23 && Math.abs(data[2 * i + 1]!) <= 1 + 2 ** -23;

test("warping by the composed flow is warping twice, where nothing is mixed twice", () => {
  const size = { height: 11, width: 14 };
  const picture = noise([1, 3, 11, 14], 4);
  const first = smoothFlow(size, 7, 0.4);
  const second = flowFromPixels(uniformFlow(size, 2, -1));
  const twice = gridSample(gridSample(picture, first, { alignCorners: true }), second, { alignCorners: true });
  const { flow, valid } = composeFlows(first, second);
  const once = gridSample(picture, flow, { alignCorners: true });
  for (let c = 0; c < 3; c++) {
    const channel = (data: Float32Array) => data.subarray(154 * c, 154 * (c + 1));
    expect(largestGap(channel(once.data), channel(twice.data), (i) => valid.data[i] === 1)).toBeLessThan(1e-5);
  }
  expect(valid.data.filter((is) => is === 1)).toHaveLength(10 * 12);
});

test("outside the first flow its border's displacement goes on, and is not valid", () => {
  const first = flowFromPixels(uniformFlow({ height: 5, width: 5 }, 1, 0));
  const { flow, valid } = composeFlows(first, flowFromPixels(uniformFlow({ height: 5, width: 5 }, 40, 0)));
  expect(compareTensors(flowToPixels(flow), uniformFlow({ height: 5, width: 5 }, 41, 0)).maxAbsError).toBe(0);
  expect(valid.data.every((is) => is === 0)).toBe(true);
});

test("a rounding beyond the border is inside, and two are not", () => {
  const size = { height: 1, width: 3 };
  const places = [1 + 2 ** -23, -1 - 2 ** -23, 1 + 2 ** -22];
  const at = pixelFlow(
    places.flatMap((x) => [x, 0]),
    size,
  );
  expect([...composeFlows(identityGrid(size), at).valid.data]).toEqual([1, 1, 0]);
});

test("a place that is not a number stays so, and takes no other with it", () => {
  const size = { height: 3, width: 3 };
  const hole = identityGrid(size);
  hole.data[8] = Number.NaN;
  for (const { flow, valid } of [composeFlows(hole, identityGrid(size)), composeFlows(identityGrid(size), hole)]) {
    expect(flow.data[8]).toBeNaN();
    expect(flow.data.filter(Number.isNaN).length).toBeLessThanOrEqual(2);
    expect([...valid.data]).toEqual([1, 1, 1, 1, 0, 1, 1, 1, 1]);
  }
});

test("arguments are not changed, and wrong shapes are named", () => {
  const flow = smoothFlow({ height: 4, width: 4 }, 1, 0.3);
  const before = flow.data.slice();
  composeFlows(flow, flow);
  expect(flow.data).toEqual(before);
  expect(() => composeFlows(noise([1, 4, 4, 3]) as never, flow)).toThrow("composeFlows first: expected [1, H, W, 2]");
  expect(() => composeFlows(flow, noise([2, 4, 4, 2]) as never)).toThrow("composeFlows second: expected [1, H, W, 2]");
});
