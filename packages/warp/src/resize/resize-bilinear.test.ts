import { tensor } from "@bunraku/backends";
import { compareTensors, noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { resizeBilinear } from "./resize-bilinear.ts";

const side = fc.integer({ min: 1, max: 20 });

test("two pixels become four, a quarter of the way in from each", () => {
  const row = tensor("float32", Float32Array.of(0, 8), [1, 1, 1, 2]);
  expect([...resizeBilinear(row, { height: 1, width: 4 }).data]).toEqual([0, 2, 6, 8]);
});

test("a column is resized as a row is", () => {
  const column = tensor("float32", Float32Array.of(0, 8), [1, 1, 2, 1]);
  expect([...resizeBilinear(column, { height: 4, width: 1 }).data]).toEqual([0, 2, 6, 8]);
});

test("shrinking reads between pixels and does not average: four become two at 0.5 and 2.5", () => {
  const row = tensor("float32", Float32Array.of(0, 2, 100, 104), [1, 1, 1, 4]);
  expect([...resizeBilinear(row, { height: 1, width: 2 }).data]).toEqual([1, 102]);
});

test("three rows become two at 0.25 and 1.75", () => {
  const column = tensor("float32", Float32Array.of(0, 4, 12), [1, 1, 3, 1]);
  expect([...resizeBilinear(column, { height: 2, width: 1 }).data]).toEqual([1, 10]);
});

test("resizing to the same size is the identity", () => {
  fc.assert(
    fc.property(side, side, (height, width) => {
      const image = noise([2, 3, height, width], 1);
      expect(resizeBilinear(image, { height, width }).data).toEqual(image.data);
    }),
    { numRuns: 30 },
  );
});

test("resizing to the same size is a copy", () => {
  const image = noise([1, 1, 2, 2]);
  expect(resizeBilinear(image, { height: 2, width: 2 }).data).not.toBe(image.data);
});

test("resizing keeps constants", () => {
  fc.assert(
    fc.property(side, side, side, side, (height, width, toHeight, toWidth) => {
      const flat = tensor("float32", new Float32Array(height * width).fill(0.75), [1, 1, height, width]);
      const { data } = resizeBilinear(flat, { height: toHeight, width: toWidth });
      expect([...data].every((value) => Math.abs(value - 0.75) < 1e-6)).toBe(true);
    }),
  );
});

test("a picture on its side is resized on its side", () => {
  const turn = (t: ReturnType<typeof resizeBilinear>) => {
    const [, , h, w] = t.dims;
    return tensor(
      "float32",
      Float32Array.from(t.data, (_, i) => t.data[(i % h) * w + Math.floor(i / h)]!),
      [1, 1, w, h],
    );
  };
  const image = noise([1, 1, 5, 8]);
  const upright = resizeBilinear(image, { height: 7, width: 3 });
  const turned = resizeBilinear(turn(image), { height: 3, width: 7 });
  expect(compareTensors(turn(turned), upright).maxAbsError).toBeLessThan(1e-6);
});

test("wrong shapes are named", () => {
  expect(() => resizeBilinear(noise([3, 4, 5]), { height: 2, width: 2 })).toThrow(
    "resizeBilinear image: expected [N, C, H, W], got [3, 4, 5].",
  );
});
