import { type Tensor, tensor } from "@bunraku/backends";
import { compareTensors, noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { identityGrid } from "../identity-grid/identity-grid.ts";
import { gridSample, toPixels } from "./grid-sample.ts";

const image = (values: readonly number[], dims: readonly number[]) =>
  tensor("float32", Float32Array.from(values), dims);

/** A grid of one row of places. */
const places = (...xy: readonly (readonly [number, number])[]) => image(xy.flat(), [1, 1, xy.length, 2]);

const twoByTwo = image([1, 2, 3, 4], [1, 1, 2, 2]);

test("an identity grid returns the image", () => {
  const same = gridSample(twoByTwo, identityGrid({ height: 2, width: 2 }), { alignCorners: true });
  expect([...same.data]).toEqual([1, 2, 3, 4]);
});

test("an identity grid with aligned corners returns an image of any size", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (height, width) => {
      const picture = noise([1, 2, height, width], height * 41 + width);
      const same = gridSample(picture, identityGrid({ height, width }), { alignCorners: true });
      expect(compareTensors(same, picture).maxAbsError).toBeLessThan(1e-5);
    }),
    { numRuns: 50 },
  );
});

test("x is the first coordinate and runs along columns", () => {
  const right = gridSample(twoByTwo, places([1, -1]), { alignCorners: true });
  expect([...right.data]).toEqual([2]);
});

test("aligned, 0.5 lies three quarters of the way from centre to centre", () => {
  expect([...gridSample(image([0, 8], [1, 1, 1, 2]), places([0.5, 0]), { alignCorners: true }).data]).toEqual([6]);
});

test("unaligned is the default: ±1 are the edges, where half of the pixel beyond is mixed in", () => {
  expect([...gridSample(image([4, 8], [1, 1, 1, 2]), places([-1, 0], [-0.5, 0], [0.5, 0], [1, 0])).data]).toEqual([
    2, 4, 8, 4,
  ]);
});

test("outside, zeros fade in over one pixel and neither earlier nor later", () => {
  // Three pixels, aligned: one pixel is one unit. Places -1, -1.25, -1.75, -2, -2.5 are 0, 0.25, 0.75, 1, 1.5 outside.
  const row = image([8, 1, 1], [1, 1, 1, 3]);
  const outside = places([-1, 0], [-1.25, 0], [-1.75, 0], [-2, 0], [-2.5, 0]);
  expect([...gridSample(row, outside, { alignCorners: true }).data]).toEqual([8, 6, 2, 0, 0]);
});

test("border padding continues the outermost pixel", () => {
  const outside = places([-1.25, 0], [-9, 0], [3, 0]);
  expect([
    ...gridSample(image([8, 1, 2], [1, 1, 1, 3]), outside, { alignCorners: true, padding: "border" }).data,
  ]).toEqual([8, 8, 2]);
});

test("reflection mirrors at the centres of the corner pixels when aligned, at their outer edges when not", () => {
  const row = image([8, 1, 2], [1, 1, 1, 3]);
  // Aligned, one pixel is one unit: pixels -1, -2, 3, 4, 5, 7 and, half-way, -0.5.
  const aligned = places([-2, 0], [-3, 0], [2, 0], [3, 0], [4, 0], [6, 0], [-1.5, 0]);
  const mirrored = gridSample(row, aligned, { alignCorners: true, padding: "reflection" });
  expect([...mirrored.data]).toEqual([1, 2, 1, 8, 1, 1, 4.5]);
  // Unaligned, centres are at (2 i + 1)/3 - 1: pixels -1, -2, -3, 3, 4, 6, 7.
  const centre = (i: number) => [(2 * i + 1) / 3 - 1, 0] as const;
  const edges = gridSample(row, places(...[-1, -2, -3, 3, 4, 6, 7].map(centre)), { padding: "reflection" });
  for (const [i, wanted] of [8, 1, 2, 2, 1, 8, 1].entries()) expect(edges.data[i]).toBeCloseTo(wanted, 5);
});

test("a side of one pixel is mirrored to itself", () => {
  for (const alignCorners of [true, false]) {
    const far = gridSample(image([7], [1, 1, 1, 1]), places([-9, 3], [0.25, 0]), {
      alignCorners,
      padding: "reflection",
    });
    expect([...far.data]).toEqual([7, 7]);
  }
});

test("integer pixel shifts are exact inside", () => {
  fc.assert(
    fc.property(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -2, max: 2 }), fc.boolean(), (dx, dy, aligned) => {
      // Eight columns and four rows unaligned, nine and five aligned: steps of 2/8 and 2/4 are exact in float32.
      const [height, width] = aligned ? [5, 9] : [4, 8];
      const picture = noise([1, 1, height, width], 5);
      const grid = new Float32Array(height * width * 2);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          grid[2 * (y * width + x)] = aligned ? (x + dx) / 4 - 1 : (2 * (x + dx) + 1) / 8 - 1;
          grid[2 * (y * width + x) + 1] = aligned ? (y + dy) / 2 - 1 : (2 * (y + dy) + 1) / 4 - 1;
        }
      }
      const moved = gridSample(picture, tensor("float32", grid, [1, height, width, 2]), { alignCorners: aligned });
      for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++)
        for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x++)
          expect(moved.data[y * width + x]).toBe(picture.data[(y + dy) * width + x + dx]);
    }),
  );
});

test("a constant image is that constant at every place inside", () => {
  const inside = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(inside, inside, (x, y) => {
      const flat = image(new Array(35).fill(0.7), [1, 1, 5, 7]);
      expect(gridSample(flat, places([x, y]), { alignCorners: true }).data[0]).toBeCloseTo(0.7, 6);
    }),
  );
});

test.each(["border", "reflection"] as const)(
  "with %s padding a constant image is that constant at every place, however far",
  (padding) => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), fc.float({ noNaN: true }), fc.boolean(), (x, y, alignCorners) => {
        const flat = image(new Array(35).fill(0.7), [1, 1, 5, 7]);
        expect(gridSample(flat, places([x, y]), { padding, alignCorners }).data[0]).toBeCloseTo(0.7, 6);
      }),
    );
  },
);

test("any coordinate gives a mean of pixels and zeros: never NaN, never what lies beside the image in memory", () => {
  const wild = fc.oneof(fc.float(), fc.constantFrom(Number.NaN, 1e30, -1e30, Infinity, -Infinity, 2 ** 53, -(2 ** 31)));
  fc.assert(
    fc.property(
      wild,
      wild,
      fc.boolean(),
      fc.constantFrom("zeros", "border", "reflection"),
      (x, y, alignCorners, padding) => {
        // The image is a window of a larger array: reading outside would find 99.
        const memory = new Float32Array(24).fill(99);
        memory.fill(1, 6, 18);
        const window = tensor("float32", memory.subarray(6, 18), [1, 1, 3, 4]);
        const value = gridSample(window, places([x, y]), { alignCorners, padding }).data[0]!;
        expect(value >= 0 && value <= 1 + 1e-6).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

test("coordinates of ±1e30 and infinity read zeros, or the border", () => {
  const far = places([1e30, 0], [0, -1e30], [-Infinity, Infinity]);
  expect([...gridSample(twoByTwo, far).data]).toEqual([0, 0, 0]);
  expect([...gridSample(twoByTwo, far, { padding: "border", alignCorners: true }).data]).toEqual([3, 1.5, 3]);
});

test("a coordinate that is not a number reads zeros under every padding", () => {
  const nowhere = places([Number.NaN, 0], [0, Number.NaN]);
  expect([...gridSample(twoByTwo, nowhere).data]).toEqual([0, 0]);
  for (const padding of ["border", "reflection"] as const)
    expect([...gridSample(twoByTwo, nowhere, { padding }).data]).toEqual([0, 0]);
});

test("channels share the grid, images of a batch have their own", () => {
  const images = image([1, 2, 10, 20, 3, 4, 30, 40], [2, 2, 1, 2]);
  const grids = image([1, 0, -1, 0], [2, 1, 1, 2]);
  expect([...gridSample(images, grids, { alignCorners: true }).data]).toEqual([2, 20, 3, 30]);
});

test("a place of pixels: 0 on the centre of the first pixel, aligned or not", () => {
  expect([toPixels(-1, 5, true), toPixels(1, 5, true), toPixels(0, 5, true)]).toEqual([0, 4, 2]);
  expect([toPixels(-1, 5, false), toPixels(1, 5, false), toPixels(0, 5, false)]).toEqual([-0.5, 4.5, 2]);
});

test("wrong shapes are named", () => {
  const flat: Tensor<"float32"> = noise([3, 4]);
  expect(() => gridSample(flat, noise([1, 2, 2, 2]))).toThrow("gridSample image: expected [N, C, H, W], got [3, 4].");
  expect(() => gridSample(twoByTwo, noise([1, 2, 2, 3]))).toThrow(
    "gridSample grid: expected [N, Ho, Wo, 2], got [1, 2, 2, 3].",
  );
  expect(() => gridSample(twoByTwo, noise([2, 2, 2, 2]))).toThrow("gridSample: image has batch size 1, grid has 2.");
});
