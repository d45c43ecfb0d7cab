import ndarray from "ndarray";
import { afterEach, expect, expectTypeOf, test, vi } from "vitest";
import { tensor } from "../contract/tensor.ts";
import { fromNdarray } from "./from-ndarray.ts";
import { toNdarray } from "./to-ndarray.ts";

afterEach(() => {
  vi.doUnmock("ndarray");
  vi.resetModules();
});

const oneToSix = () => tensor("float32", Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);

test("a tensor becomes an array of the same shape, over data of its own", async () => {
  const value = oneToSix();
  const array = await toNdarray(value);
  expect(array.shape).toEqual([2, 3]);
  expect(array.get(1, 0)).toBe(4);
  expect(array.transpose(1, 0).get(0, 1)).toBe(4);
  array.set(1, 0, 40);
  expect(value.data[3]).toBe(4);
});

test("ndarray can be handed in, and its type comes back", async () => {
  const array = await toNdarray(oneToSix(), { ndarray });
  expectTypeOf(array).toEqualTypeOf<ndarray.NdArray<Float32Array>>();
  expect(array.dtype).toBe("float32");
});

test("64-bit integers and truths keep their elements", async () => {
  const longs = await toNdarray(tensor("int64", BigInt64Array.of(5n, -6n), [2]));
  expect(longs.get(1)).toBe(-6n);
  const truths = await toNdarray(tensor("bool", Uint8Array.of(1, 0), [2]));
  expect(truths.get(0)).toBe(1);
});

test("there and back again is the same", async () => {
  const value = oneToSix();
  expect(fromNdarray(await toNdarray(value))).toMatchObject({ dims: [2, 3], data: value.data });
});

test("a tensor of another device is read", async () => {
  const far = { ...oneToSix(), type: "float32" as const, dims: [2], read: async () => Float32Array.of(7, 8) };
  expect((await toNdarray(far as never as ReturnType<typeof oneToSix>)).get(1)).toBe(8);
});

test("when ndarray is not installed, the error says what to install and keeps the cause", async () => {
  vi.doMock("ndarray", () => {
    throw new Error("ERR_MODULE_NOT_FOUND");
  });
  await expect(toNdarray(oneToSix())).rejects.toMatchObject({
    code: "BACKEND_MISSING",
    message: "Cannot import `ndarray`. Install it (`npm install ndarray`) or pass it in as `ndarray`.",
    cause: expect.any(Error),
  });
});

test("where code from strings is forbidden, the error says so", async () => {
  const forbidden = () => {
    throw new EvalError("unsafe-eval");
  };
  await expect(toNdarray(oneToSix(), { ndarray: forbidden })).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE" });
});
