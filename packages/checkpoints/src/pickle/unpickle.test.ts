import { expect, test } from "vitest";
import { bytesSource } from "../source/byte-source.ts";
import { bytesOf } from "../testing/bytes.ts";
import { countingSource } from "../testing/counting-source.ts";
import { dense, floats, stateDictOf, tuple } from "../testing/python.ts";
import { writePickle } from "../testing/write-pickle.ts";
import { unpickle } from "./unpickle.ts";
import { unpickleFrom } from "./unpickle-from.ts";
import { Inert, TensorRef } from "./values.ts";

const read = (...parts: (number | string | Uint8Array)[]) => unpickle(bytesOf(0x80, 2, ...parts, "."), "test").value;

test.each([
  { what: "None", value: null },
  { what: "a boolean", value: true },
  { what: "one byte", value: 255 },
  { what: "two bytes", value: 65_535 },
  { what: "a negative integer", value: -2 },
  { what: "an integer of six bytes", value: 140_712_345_678_901 },
  { what: "a float", value: 2e-4 },
  { what: "text", value: "größe" },
  { what: "a nested list", value: [1, ["a", []]] },
])("$what is read as it was written, protocols 2 and 4", ({ value }) => {
  expect(unpickle(writePickle(value).bytes, "test").value).toEqual(value);
  expect(unpickle(writePickle(value, { protocol: 4 }).bytes, "test").value).toEqual(value);
});

test("an integer beyond 2^53 is a bigint", () => {
  expect(unpickle(writePickle(0x1950a86a20f9469cfc6cn).bytes, "test").value).toBe(0x1950a86a20f9469cfc6cn);
  expect(read(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0x80)).toBe(-(2n ** 71n));
});

test("opcodes of other writers are read", () => {
  expect(read(0x8b, 2, 0, 0, 0, 0xff, 0xff)).toBe(-1); // LONG4
  expect(read(0x8d, 2, 0, 0, 0, 0, 0, 0, 0, "hi")).toBe("hi"); // BINUNICODE8
  expect(read("T", 2, 0, 0, 0, "hi")).toBe("hi"); // BINSTRING
  expect(read("C", 2, 7, 8)).toEqual(Uint8Array.of(7, 8)); // SHORT_BINBYTES
  expect(read("B", 1, 0, 0, 0, 7)).toEqual(Uint8Array.of(7)); // BINBYTES
  expect(read(0x8e, 1, 0, 0, 0, 0, 0, 0, 0, 7)).toEqual(Uint8Array.of(7)); // BINBYTES8
  expect(read(0x8f, "(K", 1, "K", 2, 0x90)).toEqual(new Set([1, 2])); // EMPTY_SET, ADDITEMS
  expect(read("K", 1, "K", 2, "K", 3, 0x87)).toEqual([1, 2, 3]); // TUPLE3
  expect(read("K", 1, "K", 2, "0")).toBe(1); // POP
  expect(read("K", 1, "(K", 2, "1")).toBe(1); // POP_MARK
  expect(read("]K", 5, "a")).toEqual([5]); // APPEND
  expect(read("}U", 1, "k", "K", 5, "s")).toEqual(new Map([["k", 5]])); // SETITEM
});

test("a string of Python 2 that is not UTF-8 is Latin-1", () => {
  expect(read("U", 1, 0xe4)).toBe("ä");
});

test("a dictionary with the key __proto__ is a Map with the key __proto__", () => {
  const { value } = unpickle(writePickle(new Map([["__proto__", 1]])).bytes, "test");
  expect(value).toEqual(new Map([["__proto__", 1]]));
});

test("a state dictionary holds descriptions of tensors", () => {
  const { bytes } = writePickle(stateDictOf({ weight: dense(floats("7", [1, 2]), [2, 1]) }));
  const { value, storages } = unpickle(bytes, "test");
  const weight = (value as Map<string, TensorRef>).get("weight")!;
  expect(weight).toBeInstanceOf(TensorRef);
  expect(weight).toMatchObject({
    offset: 0,
    size: [2, 1],
    stride: [1, 1],
    storage: { key: "7", type: "float32", count: 2 },
  });
  expect([...storages.keys()]).toEqual(["7"]);
});

test("Python 2 gives the items of an ordered dictionary as an argument", () => {
  expect(read("ccollections\nOrderedDict\n(](](U", 1, "k", "K", 5, "eetR")).toEqual(new Map([["k", 5]]));
});

test("a parameter is its tensor", () => {
  const storage = writePickle(floats("7", [1, 2])).bytes.slice(2, -1);
  const value = read(
    "ctorch._utils\n_rebuild_parameter\n(ctorch._utils\n_rebuild_tensor_v2\n(",
    storage,
    "K",
    0,
    "K",
    2,
    0x85,
    "K",
    1,
    0x85,
    0x89,
    "NtR",
    0x88,
    "NtR",
  );
  expect(value).toBeInstanceOf(TensorRef);
});

test("a numpy number is stepped over", () => {
  const value = read(
    "cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(U",
    2,
    "f8",
    "K",
    0,
    "K",
    1,
    "tRNbC",
    1,
    0,
    "tR",
  );
  expect(value).toBeInstanceOf(Inert);
});

test("the length says where the next pickle begins", () => {
  const first = writePickle(["a", 1]).bytes;
  expect(unpickle(bytesOf(first, writePickle("b").bytes), "test").length).toBe(first.length);
});

test("a pickle longer than the first chunk is read on, and not much more than it", async () => {
  const long = Array.from({ length: 30_000 }, (_, i) => `name ${i}`);
  const { bytes } = writePickle(long);
  const source = countingSource(bytesOf(bytes, new Uint8Array(8_000_000)));
  const { value, length } = await unpickleFrom(source, 0);
  expect(value).toEqual(long);
  expect(length).toBe(bytes.length);
  expect(Math.max(...source.reads.map((read) => read.length))).toBeLessThan(4 * bytes.length);
});

test("torch.save's object is the same in protocols 2 and 4 and from Python 2", async () => {
  const object = new Map([["size", tuple(1, 2)]]);
  const read = async (options: object) =>
    (await unpickleFrom(bytesSource(writePickle(object, options).bytes, "test"), 0)).value;
  expect(await read({ protocol: 4 })).toEqual(await read({ protocol: 2 }));
  expect(await read({ python2: true })).toEqual(new Map([["size", [1, 2]]]));
});
