import fc from "fast-check";
import { expect, test } from "vitest";
import { tensor } from "../../contract/tensor.ts";
import { ints, wavy } from "../against-ort.ts";
import {
  averagePool2d,
  batchNormalization,
  concat,
  conv2d,
  gather,
  instanceNormalization,
  matmul,
  maxPool2d,
  resizeLinear,
  resizeNearest,
  softmax,
  transpose,
} from "../index.ts";

const floats = (dims: readonly number[], ...values: number[]) => tensor("float32", Float32Array.from(values), dims);

test("a convolution with a kernel of one at its centre returns the image", () => {
  const image = wavy([1, 1, 5, 4]);
  const centre = floats([1, 1, 3, 3], 0, 0, 0, 0, 1, 0, 0, 0, 0);
  expect(conv2d(image, centre, undefined, { pads: [1, 1, 1, 1] }).data).toEqual(image.data);
});

test("a convolution of a single dot is the kernel, turned by half a turn", () => {
  const dot = floats([1, 1, 3, 3], 0, 0, 0, 0, 1, 0, 0, 0, 0);
  const kernel = floats([1, 1, 3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9);
  expect([...conv2d(dot, kernel, undefined, { pads: [1, 1, 1, 1] }).data]).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
});

test("channels are summed, four at a time and one at a time alike", () => {
  for (const channels of [1, 3, 4, 5, 8, 11]) {
    const ones = floats([1, channels, 1, 2], ...new Array(channels * 2).fill(1));
    const weights = floats([1, channels, 1, 1], ...Array.from({ length: channels }, (_, index) => index + 1));
    const total = (channels * (channels + 1)) / 2;
    expect([...conv2d(ones, weights, floats([1], 0.5)).data]).toEqual([total + 0.5, total + 0.5]);
  }
});

test("a convolution whose kernel does not fit its image says so", () => {
  expect(() => conv2d(wavy([1, 3, 4, 4]), wavy([2, 4, 3, 3]))).toThrow(
    "conv weight: [2, 4, 3, 3] in 1 groups does not fit 3 channels.",
  );
  expect(() => conv2d(wavy([1, 3, 2, 2]), wavy([2, 3, 3, 3]))).toThrow("a kernel of 3 (dilation 1) does not fit 2");
});

test("pooling takes the mean and the largest, and drops what does not fill a window", () => {
  const image = floats([1, 1, 3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9);
  expect([...averagePool2d(image, [2, 2], { strides: [2, 2] }).data]).toEqual([3]);
  expect([...maxPool2d(image, [2, 2]).data]).toEqual([5, 6, 8, 9]);
});

test("batch normalization with a scale of deviation and a bias of mean returns the image", () => {
  const image = floats([1, 2, 1, 2], 1, 2, 3, 4);
  const mean = floats([2], 7, -3);
  const same = { scale: floats([2], 2, 3), bias: mean, mean, variance: floats([2], 4, 9) };
  expect([...batchNormalization(image, same, { epsilon: 0 }).data]).toEqual([1, 2, 3, 4]);
});

test("instance normalization yields mean 0 and variance 1", () => {
  const normal = instanceNormalization(floats([1, 1, 1, 2], 3, 7), floats([1], 1), floats([1], 0), { epsilon: 0 });
  expect([...normal.data]).toEqual([-1, 1]);
});

test("nearest resizing reads floor(i * N / n), but for the rounding of float32 that PyTorch has too", () => {
  const size = fc.integer({ min: 1, max: 64 });
  fc.assert(
    fc.property(size, size, (from, to) => {
      const ramp = floats([1, 1, 1, from], ...Array.from({ length: from }, (_, at) => at));
      const picked = resizeNearest(ramp, { height: 1, width: to }).data;
      for (let at = 0; at < to; at++) {
        const exact = (at * from) / to;
        const off = picked[at]! - Math.floor(exact);
        expect(off === 0 || (off === -1 && Number.isInteger(exact))).toBe(true);
      }
    }),
  );
});

test("from 14 to 2 cells, nearest reads cells 0 and 7", () => {
  const ramp = floats([1, 1, 1, 14], ...Array.from({ length: 14 }, (_, at) => at));
  expect([...resizeNearest(ramp, { height: 1, width: 2 }).data]).toEqual([0, 7]);
});

test("linear resizing keeps a constant, and a ramp between its ends with align_corners", () => {
  const constant = resizeLinear(floats([1, 1, 2, 2], 3, 3, 3, 3), { height: 5, width: 3 });
  expect([...constant.data]).toEqual(new Array(15).fill(3));
  const ramp = resizeLinear(floats([1, 1, 1, 2], 0, 4), { height: 1, width: 5 }, { coordinates: "align_corners" });
  expect([...ramp.data]).toEqual([0, 1, 2, 3, 4]);
});

test("linear doubling weighs neighbours 3 to 1", () => {
  const doubled = resizeLinear(floats([1, 1, 1, 2], 0, 4), { height: 1, width: 4 });
  expect([...doubled.data]).toEqual([0, 1, 3, 4]);
});

test("softmax of equal scores is uniform, and large scores do not overflow", () => {
  expect([...softmax(floats([4], 1000, 1000, 1000, 1000)).data]).toEqual([0.25, 0.25, 0.25, 0.25]);
});

test("a matrix product with the identity returns the matrix", () => {
  const matrix = wavy([2, 3]);
  expect(matmul(matrix, floats([3, 3], 1, 0, 0, 0, 1, 0, 0, 0, 1)).data).toEqual(matrix.data);
  expect(() => matmul(wavy([2, 3]), wavy([2, 3]))).toThrow("matmul: [2, 3] does not fit [2, 3].");
});

test("transposing twice returns the tensor", () => {
  const value = wavy([2, 3, 4]);
  expect(transpose(transpose(value, [2, 0, 1]), [1, 2, 0])).toMatchObject({ dims: [2, 3, 4], data: value.data });
  expect(() => transpose(value, [0, 1, 1])).toThrow("must name each of 3 axes once");
});

test("gathering from a concatenation returns its parts", () => {
  const joined = concat([floats([1, 2], 1, 2), floats([1, 1], 3)], 1);
  expect([...gather(joined, ints(2, -3), 1).data]).toEqual([3, 1]);
  expect(() => gather(joined, ints(3), 1)).toThrow("gather: an index must be from -3 to 2, got 3.");
});
