import { expect, expectTypeOf, test } from "vitest";
import { expectShape } from "./expect-shape.ts";
import { type Tensor, tensor, zeros } from "./tensor.ts";

test("a tensor borrows its array", () => {
  const data = Float32Array.of(1, 2, 3, 4);
  expect(tensor("float32", data, [2, 2]).data).toBe(data);
});

test("the wrong number of elements is refused", () => {
  expect(() => tensor("float32", new Float32Array(3), [2, 2])).toThrow("tensor: dims [2, 2] need 4 elements, got 3.");
});

test("the wrong array is refused", () => {
  expect(() => tensor("float32", new Uint8Array(4) as never, [4])).toThrow(
    "type float32 needs a Float32Array, got Uint8Array",
  );
});

test("dims that are not whole numbers are refused", () => {
  expect(() => tensor("float32", new Float32Array(1), [0.5, 2])).toThrow("whole numbers");
});

test("data read after disposal throws DISPOSED", () => {
  const one = zeros([1]);
  one[Symbol.dispose]();
  one[Symbol.dispose](); // idempotent
  expect(() => one.data).toThrow(expect.objectContaining({ code: "DISPOSED" }));
});

test("expectShape narrows and returns the same tensor", () => {
  const image: Tensor<"float32"> = zeros([1, 3, 4, 5]);
  const narrowed = expectShape(image, ["N", 3, "H", "W"], "image");
  expect(narrowed).toBe(image);
  expectTypeOf(narrowed.dims).toEqualTypeOf<readonly [number, 3, number, number]>();
});

test("expectShape names the argument, what was wanted and what came", () => {
  expect(() => expectShape(zeros([1, 4, 4]), ["N", "H", "W", 2], "grid")).toThrow(
    "grid: expected [N, H, W, 2], got [1, 4, 4].",
  );
});

test("the same name in a pattern means the same size", () => {
  expect(() => expectShape(zeros([2, 3]), ["K", "K"], "matrix")).toThrow("matrix: expected [K, K], got [2, 3].");
});
