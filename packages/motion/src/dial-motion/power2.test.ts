import { determinant2, inverse2, type Matrix2, multiply2 } from "@bunraku/keypoints";
import fc from "fast-check";
import { expect, test } from "vitest";
import { power2 } from "./power2.ts";

const close = (got: Matrix2 | undefined, wanted: Matrix2, digits = 9) => {
  for (const [i, value] of wanted.entries()) expect(got?.[i]).toBeCloseTo(value, digits);
};
const turn = (angle: number, scale = 1): Matrix2 => [
  scale * Math.cos(angle),
  -scale * Math.sin(angle),
  scale * Math.sin(angle),
  scale * Math.cos(angle),
];
const entry = fc.double({ min: -0.8, max: 0.8, noNaN: true });
/** Near the identity, as motions between frames are. */
const motion = fc
  .tuple(entry, entry, entry, entry)
  .map(([a, b, c, d]): Matrix2 => [1 + a, b, c, 1 + d])
  .filter((matrix) => determinant2(matrix) > 0.05 && matrix[0] + matrix[3] > 0.1);
const exponent = fc.double({ min: -2, max: 2, noNaN: true });

test("a turn turns further, a scale is raised: half of it, twice of it, back", () => {
  close(power2(turn(0.8, 1.44), 0.5), turn(0.4, 1.2));
  close(power2(turn(0.8), 2), turn(1.6));
  close(power2(turn(2.9), -0.5), turn(-1.45));
  close(power2([4, 0, 0, 0.25], 0.5), [2, 0, 0, 0.5]);
  close(power2([3, 0, 0, 3], 2), [9, 0, 0, 9]);
});

test("a shear is sheared by as much", () => {
  close(power2([1, 0.5, 0, 1], 3), [1, 1.5, 0, 1]);
  close(power2([1, 0, 0.5, 1], 0.5), [1, 0, 0.25, 1]);
});

test("the power 1 is the matrix to the bit, 0 the identity, whatever the matrix", () => {
  fc.assert(
    fc.property(fc.tuple(entry, entry, entry, entry), (matrix) => {
      expect(power2(matrix, 1)).toEqual(matrix);
      expect(power2(matrix, 0)).toEqual([1, 0, 0, 1]);
    }),
  );
});

test("powers add up: whole ones are products, -1 is the inverse", () => {
  fc.assert(
    fc.property(motion, exponent, exponent, (matrix, a, b) => {
      close(multiply2(power2(matrix, a)!, power2(matrix, b)!), power2(matrix, a + b)!, 6);
      close(power2(matrix, 2), multiply2(matrix, matrix), 8);
      close(power2(matrix, -1), inverse2(matrix)!, 8);
    }),
  );
});

test("the area of a power is the power of the area", () => {
  fc.assert(
    fc.property(motion, exponent, (matrix, a) => {
      expect(determinant2(power2(matrix, a)!) / determinant2(matrix) ** a).toBeCloseTo(1, 6);
    }),
  );
});

test("eigenvalues that are all but equal give the same as equal ones", () => {
  for (const apart of [1e-3, 1e-6, 1e-8, 1e-10, 0]) {
    close(power2([1 + apart, 0.5, 0, 1 - apart], 0.5), [1, 0.25, 0, 1], 2);
    close(power2([1 + apart, 0.5, apart * apart, 1 - apart], 2.5), [1, 1.25, 0, 1], 2);
    close(power2([1, 0.5, -apart * apart, 1], 2.5), [1, 1.25, 0, 1], 5);
  }
});

test.each<[string, Matrix2, number]>([
  ["mirrors", [1, 0, 0, -1], 0.5],
  ["mirrors", [0, 1, 1, 0], 2],
  ["flattens", [1, 2, 2, 4], -1],
  ["turns by half a turn", [-1, 0, 0, -1], 0.5],
  ["turns by half a turn and stretches", [-1, 0, 0, -2], 2],
  ["is not a number", [Number.NaN, 0, 0, 1], 2],
  ["overflows", [1e-9, 0, 0, 1], -10],
])("a matrix that %s has no such power", (_, matrix, a) => {
  expect(power2(matrix, a)).toBeUndefined();
});
