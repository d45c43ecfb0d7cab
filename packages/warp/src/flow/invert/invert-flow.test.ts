import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { identityGrid } from "../../identity-grid/identity-grid.ts";
import {
  type Affine,
  affineFlow,
  flowOf,
  largestGap,
  seeds,
  sizes,
  smoothFlow,
  uniformFlow,
} from "../../testing/flows.ts";
import { composeFlows } from "../compose/compose-flows.ts";
import { flowFromPixels, flowToPixels } from "../conversions/conversions.ts";
import { invertFlow } from "./invert-flow.ts";

const count = (mask: Uint8Array) => mask.reduce((sum, is) => sum + is, 0);

/** The largest displacement in pixels that is left of flow ∘ inverse where the inverse is valid. */
function leftOver(flow: Parameters<typeof invertFlow>[0], { flow: inverse, valid }: ReturnType<typeof invertFlow>) {
  const still = flowToPixels(composeFlows(flow, inverse).flow).data;
  return largestGap(still, new Float32Array(still.length), (i) => valid.data[i >> 1] === 1);
}

test("the identity is its own inverse, everywhere", () => {
  const inverted = invertFlow(identityGrid({ height: 5, width: 8 }));
  expect(inverted.flow.data).toEqual(identityGrid({ height: 5, width: 8 }).data);
  expect(inverted.residual.data).toEqual(new Float32Array(40));
  expect([count(inverted.valid.data), count(inverted.folded.data)]).toEqual([40, 0]);
});

test("the inverse of a whole-pixel translation is the opposite one, valid where it reads inside", () => {
  const shift = fc.integer({ min: -4, max: 4 });
  fc.assert(
    fc.property(sizes(5, 30), shift, shift, (size, dx, dy) => {
      const { flow, valid } = invertFlow(flowFromPixels(uniformFlow(size, dx, dy)));
      expect(largestGap(flowToPixels(flow).data, uniformFlow(size, -dx, -dy).data)).toBeLessThan(1e-5);
      expect(count(valid.data)).toBe((size.width - Math.abs(dx)) * (size.height - Math.abs(dy)));
    }),
  );
});

test("the inverse of an affine flow is that of its matrix, from a third of the size to three times", () => {
  const affine = fc.record({
    turn: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    grow: fc.double({ min: 1 / 3, max: 3, noNaN: true }),
    shear: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    e: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
    f: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
  });
  let valid = 0;
  fc.assert(
    fc.property(sizes(3, 24), affine, (size, { turn, grow, shear, e, f }) => {
      const [cos, sin] = [grow * Math.cos(turn), grow * Math.sin(turn)];
      const [a, b, c, d] = [cos, cos * shear - sin, sin, sin * shear + cos];
      const determinant = a * d - b * c;
      const [ia, ib, ic, id] = [d / determinant, -b / determinant, -c / determinant, a / determinant];
      const inverse: Affine = [ia, ib, ic, id, -ia * e - ib * f, -ic * e - id * f];
      const flow = affineFlow(size, [a, b, c, d, e, f]);
      const inverted = invertFlow(flow);
      const wanted = affineFlow(size, inverse);
      const where = (i: number) => inverted.valid.data[i >> 1] === 1;
      // A thousandth of a pixel, the tolerance, back through the inverse.
      const bound =
        ((0.001 * 2) / (Math.min(size.width, size.height) - 1)) *
        6 *
        (size.width / size.height + size.height / size.width);
      expect(largestGap(inverted.flow.data, wanted.data, where)).toBeLessThan(bound);
      expect(leftOver(flow, inverted)).toBeLessThan(0.0011);
      expect(count(inverted.folded.data)).toBe(0);
      // Every place whose inverse is well inside is found.
      for (let i = 0; i < inverted.valid.data.length; i++) {
        const inside = Math.abs(wanted.data[2 * i]!) < 0.99 && Math.abs(wanted.data[2 * i + 1]!) < 0.99;
        if (inside) expect(inverted.valid.data[i]).toBe(1);
      }
      valid += count(inverted.valid.data);
    }),
  );
  expect(valid).toBeGreaterThan(1000);
});

test("a smooth flow composed with its inverse is the identity, where it is valid: nearly everywhere", () => {
  const slope = fc.double({ min: 0.01, max: 0.45, noNaN: true });
  fc.assert(
    fc.property(sizes(12, 40), seeds, slope, (size, seed, steepness) => {
      const flow = smoothFlow(size, seed, steepness);
      const inverted = invertFlow(flow, { tolerance: 1e-4 });
      expect(leftOver(flow, inverted)).toBeLessThan(1.2e-4);
      expect(count(inverted.folded.data)).toBe(0);
      // What is missing is what the flow does not read: a rim as wide as the displacement, of at most slope / 4.
      expect(count(inverted.valid.data)).toBeGreaterThan(size.width * size.height * (1 - steepness / 4) ** 2 * 0.75);
      expect(Math.max(...inverted.residual.data)).toBeLessThanOrEqual(1e-4);
    }),
  );
});

test("a rough flow is inverted, too, while it changes by less than a pixel per pixel", () => {
  fc.assert(
    fc.property(sizes(8, 30), seeds, (size, seed) => {
      const flow = flowFromPixels(noise([1, size.height, size.width, 2], seed, [-0.24, 0.24]));
      const inverted = invertFlow(flow);
      expect(Math.max(...inverted.residual.data)).toBeLessThanOrEqual(0.001);
      expect(count(inverted.folded.data)).toBe(0);
      expect(count(inverted.valid.data)).toBeGreaterThanOrEqual((size.width - 2) * (size.height - 2));
    }),
  );
});

test("a flow that bends too much for fixed-point steps is inverted from its neighbours", () => {
  // Displacements that change by up to 1.5 pixels per pixel: from each pixel itself, one in 300 is not found.
  const size = { height: 48, width: 64 };
  let missed = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const { residual } = invertFlow(smoothFlow(size, seed, 1.5));
    missed += residual.data.filter((left) => !(left <= 0.001)).length;
  }
  expect(missed / (40 * 48 * 64)).toBeLessThan(0.001);
});

test("the inverse of the inverse is the flow, as far as interpolation goes", () => {
  const size = { height: 48, width: 64 };
  const flow = smoothFlow(size, 12, 0.3);
  const once = invertFlow(flow);
  const twice = invertFlow(once.flow);
  const far = largestGap(flowToPixels(twice.flow).data, flowToPixels(flow).data, (i) => {
    const x = (i >> 1) % 64;
    const y = (i >> 1) >> 6;
    return x > 8 && x < 55 && y > 8 && y < 39 && twice.valid.data[i >> 1] === 1;
  });
  expect(far).toBeLessThan(0.02); // waves of 50 pixels, bent between pixels
});

test("where nothing is read there is no inverse: the residual says how far off, and valid is 0", () => {
  // Everything reads the middle column or its neighbours: the picture's sides are not read.
  const flow = flowOf({ height: 7, width: 11 }, (x, y) => [x / 5, y]);
  const { valid, folded } = invertFlow(flow);
  const row = [...valid.data.subarray(0, 11)];
  expect(row).toEqual([0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0]);
  expect(count(folded.data)).toBe(0);
});

test("a flow that reads one place only is squeezed flat, and has no inverse", () => {
  const { valid, folded, residual } = invertFlow(flowOf({ height: 5, width: 5 }, () => [0, 0]));
  expect(count(valid.data)).toBe(0);
  expect([folded.data[12], count(folded.data)]).toEqual([1, 1]); // the place that all read
  expect(residual.data[12]).toBe(0);
});

test("where a flow folds, it is said: those pixels are read from several places", () => {
  // x + 0.4 sin(2πx) turns back around ±1/2: the slope 1 + 0.8π cos(2πx) is below 0 there.
  const size = { height: 6, width: 101 };
  const place = (x: number) => x + 0.4 * Math.sin(2 * Math.PI * x);
  const { valid, folded } = invertFlow(flowOf(size, (x, y) => [place(x), y]));
  const readFrom = (target: number) => {
    let sheets = 0;
    for (let i = 0; i < 2000; i++) {
      const [a, b] = [place(i / 1000 - 1), place((i + 1) / 1000 - 1)];
      if ((a - target) * (b - target) < 0) sheets++;
    }
    return sheets;
  };
  let several = 0;
  for (let x = 1; x < 100; x++) {
    const target = (2 * x) / 100 - 1;
    // Next to where the fold turns, a hundredth decides: leave out what its neighbours do not agree on.
    const [left, here, right] = [readFrom(target - 0.02), readFrom(target + 1e-9), readFrom(target + 0.02)];
    if (left !== here || right !== here) continue;
    expect(folded.data[3 * 101 + x]).toBe(here > 1 ? 1 : 0);
    if (here > 1) {
      several++;
      expect(valid.data[3 * 101 + x]).toBe(0);
    }
  }
  expect(several).toBeGreaterThan(20);
});

test("a mirrored flow is turned over everywhere, which is not a fold to be undone", () => {
  const { folded, valid } = invertFlow(flowOf({ height: 4, width: 4 }, (x, y) => [-x, y]));
  expect([count(folded.data), count(valid.data)]).toEqual([16, 0]);
});

test("a hole in a flow is not read from, and leaves the rest alone", () => {
  const flow = identityGrid({ height: 5, width: 5 });
  flow.data.fill(Number.NaN, 24, 26); // the middle
  const { valid, residual } = invertFlow(flow);
  expect([residual.data[12], valid.data[12]]).toEqual([1, 0]); // its neighbour reads next to it
  expect(count(valid.data)).toBe(24);
});

test("where no number is near, there is none in the inverse", () => {
  const { flow, valid, residual } = invertFlow(flowOf({ height: 2, width: 2 }, () => [Number.NaN, Number.NaN]));
  expect([...flow.data, ...residual.data].every(Number.isNaN)).toBe(true);
  expect(count(valid.data)).toBe(0);
});

test("any flow is answered: never more than its size, never a valid place with a large residual", () => {
  fc.assert(
    fc.property(sizes(1, 12), seeds, fc.double({ min: 0, max: 5, noNaN: true }), (size, seed, reach) => {
      const flow = noise([1, size.height, size.width, 2], seed, [-reach, reach]);
      const inverted = invertFlow(flow);
      for (let i = 0; i < inverted.valid.data.length; i++) {
        if (inverted.valid.data[i] === 1) expect(inverted.residual.data[i]).toBeLessThanOrEqual(0.001);
      }
      expect(leftOver(flow, inverted)).toBeLessThan(0.002);
    }),
  );
});

test("one step less gives less: iterations are a limit", () => {
  const flow = smoothFlow({ height: 20, width: 20 }, 3, 0.45);
  const worst = (iterations: number) => Math.max(...invertFlow(flow, { iterations, tolerance: 1e-9 }).residual.data);
  expect(worst(1)).toBeGreaterThan(worst(2));
  expect(worst(8)).toBeLessThan(1e-9);
});

test("wrong options are named", () => {
  const flow = identityGrid({ height: 2, width: 2 });
  expect(() => invertFlow(flow, { iterations: 0 })).toThrow(
    "invertFlow: iterations must be a whole number of at least 1, got 0.",
  );
  expect(() => invertFlow(flow, { tolerance: Number.NaN })).toThrow(
    "invertFlow: tolerance must be a distance in pixels above 0, got NaN.",
  );
});
