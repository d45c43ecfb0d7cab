import fc from "fast-check";
import { expect, test } from "vitest";
import { determinant2, identity2, inverse2, type Matrix2, matrixAt, multiply2 } from "./matrix2.ts";

const entry = fc.double({ min: -10, max: 10, noNaN: true });
const matrix = fc.tuple(entry, entry, entry, entry);

test("a product is row times column, in the order of the factors", () => {
  expect(multiply2([1, 2, 3, 4], [5, 6, 7, 8])).toEqual([19, 22, 43, 50]);
});

test("a determinant is the area that the unit square becomes, with its sign", () => {
  expect(determinant2([3, 1, 0, 2])).toBe(6);
  expect(determinant2([0, 1, 1, 0])).toBe(-1);
});

test("an inverse times its matrix is the identity, from either side", () => {
  fc.assert(
    fc.property(matrix, (a: Matrix2) => {
      fc.pre(Math.abs(determinant2(a)) > 1e-3);
      const inverse = inverse2(a)!;
      for (const product of [multiply2(a, inverse), multiply2(inverse, a)])
        for (const [i, value] of product.entries()) expect(value).toBeCloseTo(identity2[i]!, 8);
    }),
  );
});

test("a determinant below 1e-8 has no inverse, one of 1e-8 has", () => {
  expect(inverse2([0.9e-8, 0, 0, 1])).toBeUndefined();
  expect(inverse2([1e-8, 0, 0, -1])).toEqual([1e8, 0, 0, -1]);
});

test("a singular matrix and one that is not a number have no inverse", () => {
  expect(inverse2([1, 2, 2, 4])).toBeUndefined();
  expect(inverse2([0, 0, 0, 0])).toBeUndefined();
  expect(inverse2([Number.NaN, 0, 0, 1])).toBeUndefined();
});

test("the matrix of keypoint 1 is entries 4 to 7, row by row", () => {
  expect(matrixAt([0, 0, 0, 0, 5, 6, 7, 8], 1)).toEqual([5, 6, 7, 8]);
});
