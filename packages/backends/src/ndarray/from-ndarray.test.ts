import fc from "fast-check";
import ndarray from "ndarray";
import { expect, expectTypeOf, test } from "vitest";
import type { Tensor } from "../contract/tensor.ts";
import { fromNdarray } from "./from-ndarray.ts";

const oneToSix = () => ndarray(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]); // 1 2 3, 4 5 6

test("a dense array is copied as it is", () => {
  const array = oneToSix();
  const copy = fromNdarray(array);
  expect(copy.dims).toEqual([2, 3]);
  expect([...copy.data]).toEqual([1, 2, 3, 4, 5, 6]);
  expect(copy.data).not.toBe(array.data);
});

test("a transposed view becomes dense", () => {
  const turned = fromNdarray(oneToSix().transpose(1, 0));
  expect(turned.dims).toEqual([3, 2]);
  expect([...turned.data]).toEqual([1, 4, 2, 5, 3, 6]);
});

test("a view with steps becomes dense", () => {
  expect([...fromNdarray(oneToSix().step(1, 2)).data]).toEqual([1, 3, 4, 6]);
});

test("a flipped view becomes dense", () => {
  expect([...fromNdarray(oneToSix().step(-1, -1)).data]).toEqual([6, 5, 4, 3, 2, 1]);
});

test("a cropped view and a picked row become dense", () => {
  expect([...fromNdarray(oneToSix().lo(0, 1).hi(2, 1)).data]).toEqual([2, 5]);
  expect([...fromNdarray(oneToSix().pick(1, null)).data]).toEqual([4, 5, 6]);
});

test("a stride of 0 repeats", () => {
  expect([...fromNdarray(ndarray(Float32Array.of(7, 8), [3, 2], [0, 1])).data]).toEqual([7, 8, 7, 8, 7, 8]);
});

test("an array without axes is one number", () => {
  const one = fromNdarray(ndarray(Float32Array.of(5), []));
  expect(one.dims).toEqual([]);
  expect([...one.data]).toEqual([5]);
});

test("an array without elements is empty", () => {
  expect(fromNdarray(ndarray(new Float32Array(0), [0, 3])).dims).toEqual([0, 3]);
});

test("bytes stay bytes unless floats are asked for", () => {
  const bytes = ndarray(Uint8Array.of(0, 128, 255), [3]);
  expect(fromNdarray(bytes).data).toEqual(Uint8Array.of(0, 128, 255));
  expect(fromNdarray(bytes, { type: "float32" }).data).toEqual(Float32Array.of(0, 128, 255));
  expectTypeOf(fromNdarray(bytes)).toEqualTypeOf<Tensor<"uint8">>();
});

test.each([
  [Uint8ClampedArray.of(1, 2), "uint8"],
  [Int8Array.of(-1, 2), "int32"],
  [Uint16Array.of(65535, 2), "int32"],
  [Int32Array.of(-1, 2), "int32"],
  [Float64Array.of(0.1, 2), "float32"],
  [[0.5, 2], "float32"],
  [BigInt64Array.of(-1n, 2n), "int64"],
])("%o becomes %s", (data, type) => {
  const copy = fromNdarray({ data, shape: [2], stride: [1], offset: 0 });
  expect(copy.type).toBe(type);
  expect(Number(copy.data[0])).toBe(Math.fround(Number(data[0])));
});

test("64-bit integers become floats when asked", () => {
  const longs = { data: BigInt64Array.of(3n, -4n), shape: [2], stride: [-1], offset: 1 };
  expect([...fromNdarray(longs, { type: "float32" }).data]).toEqual([-4, 3]);
});

test("a layout that reaches outside its data is refused", () => {
  const data = new Float32Array(6);
  expect(() => fromNdarray({ data, shape: [2, 3], stride: [3, 1], offset: 1 })).toThrow(
    "ndarray: its layout reads elements 1 to 6 of 6.",
  );
  expect(() => fromNdarray({ data, shape: [2], stride: [-1], offset: 0 })).toThrow("reads elements -1 to 0 of 6");
  expect(() => fromNdarray({ data, shape: [2, 3], stride: [3], offset: 0 })).toThrow(
    "as many strides as axes (2), got 1",
  );
});

test("elements without a tensor type are refused", () => {
  const array = { data: Uint32Array.of(1) as never, shape: [1], stride: [1], offset: 0 };
  expect(() => fromNdarray(array)).toThrow("ndarray: elements in Uint32Array have no tensor type");
});

test("every view reads what ndarray's own get() reads", () => {
  const sizes = fc.tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 4 }),
  );
  const step = fc.constantFrom(-2, -1, 1, 2);
  const order = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });
  fc.assert(
    fc.property(sizes, fc.tuple(step, step, step), order, (shape, steps, axes) => {
      const data = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, at) => at);
      const view = ndarray(data, shape)
        .step(...steps)
        .transpose(...axes);
      const wanted: number[] = [];
      for (let i = 0; i < view.shape[0]!; i++)
        for (let j = 0; j < view.shape[1]!; j++)
          for (let k = 0; k < view.shape[2]!; k++) wanted.push(view.get(i, j, k));
      expect([...fromNdarray(view).data]).toEqual(wanted);
    }),
  );
});
