import { tensor, zeros } from "@bunraku/backends";
import { expect, test } from "vitest";
import { readCheckpoint } from "../checkpoint/read-checkpoint.ts";
import { bytesSource } from "../source/byte-source.ts";
import { loadWeights } from "../tensors/load-weights.ts";
import { bytesOf, unsigned } from "../testing/bytes.ts";
import { countingSource } from "../testing/counting-source.ts";
import { refusal } from "../testing/refusal.ts";
import { smallCheckpoint, writeLegacy } from "../testing/write-checkpoint.ts";
import { readSafetensors } from "./read-safetensors.ts";
import { writeSafetensors } from "./write-safetensors.ts";

const floats = (values: number[], dims: number[] = [values.length]) =>
  tensor("float32", Float32Array.from(values), dims);
const read = (bytes: Uint8Array) => readSafetensors(bytesSource(bytes, "w.safetensors"));
/** A file with this header, as text, and as many bytes of data. */
const fileOf = (header: string, dataBytes = 0) =>
  bytesOf(unsigned(new TextEncoder().encode(header).length, 8), header, new Uint8Array(dataBytes));
const headerOf = (bytes: Uint8Array) => {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  return { length, text: new TextDecoder().decode(bytes.subarray(8, 8 + length)) };
};

test("what is written is read: names, dims, order, numbers, metadata", async () => {
  const file = writeSafetensors(
    [
      { name: "b.weight", tensor: floats([1, -2, 3e-5, 4], [2, 2]) },
      { name: "1", tensor: floats([], [0, 3]) },
      { name: "__proto__", tensor: floats([0.1], []) },
    ],
    { metadata: { license: "MIT" } },
  );
  const { metadata, entries } = await read(file);
  expect([...metadata]).toEqual([["license", "MIT"]]);
  expect(
    entries.map(({ name, dims, dtype }) => ({ name, dims, dtype })).sort((a, b) => (a.name < b.name ? 1 : -1)),
  ).toEqual([
    { name: "b.weight", dims: [2, 2], dtype: "float32" },
    { name: "__proto__", dims: [], dtype: "float32" },
    { name: "1", dims: [0, 3], dtype: "float32" },
  ]);
  const weights = await loadWeights(entries);
  expect([...weights.get("b.weight")!.data]).toEqual([1, -2, Math.fround(3e-5), 4]);
  expect([...weights.get("__proto__")!.data]).toEqual([Math.fround(0.1)]);
});

test("a checkpoint that becomes safetensors keeps its numbers and order", async () => {
  const { modules } = await readCheckpoint(bytesSource(writeLegacy(smallCheckpoint()), "old"));
  const before = await loadWeights(modules.get("generator")!);
  const file = writeSafetensors([...before].map(([name, tensor]) => ({ name, tensor })));
  const after = await loadWeights((await read(file)).entries);
  expect([...after].map(([name, { data, dims }]) => [name, dims, [...data]])).toEqual(
    [...before].map(([name, { data, dims }]) => [name, dims, [...data]]),
  );
});

test("the header is padded with spaces, so that data begins at a multiple of 8", () => {
  for (const name of ["a", "ab", "abc", "ü"]) {
    const { length, text } = headerOf(writeSafetensors([{ name, tensor: floats([1]) }]));
    expect(length % 8).toBe(0);
    expect(text).toMatch(/^\{.*\} *$/);
  }
});

test("F16 halves the file and rounds to nearest even", async () => {
  const file = writeSafetensors([{ name: "w", tensor: floats([1 + 2 ** -11, 1 + 3 * 2 ** -11, -65504]) }], {
    dtype: "F16",
  });
  const { entries } = await read(file);
  expect(entries[0]).toMatchObject({ dtype: "float16", dims: [3] });
  expect([...(await entries[0]!.load()).data]).toEqual([1, 1 + 2 ** -9, -65504]);
});

test.each([
  {
    what: "a value beyond F16",
    call: () => writeSafetensors([{ name: "w", tensor: floats([0, 65520]) }], { dtype: "F16" }),
    says: 'MODEL writeSafetensors: tensor "w": element 1 is 65520, and the largest float16 is 65504. Write it as F32.',
  },
  {
    what: "a value that is not finite",
    call: () => writeSafetensors([{ name: "w", tensor: floats([Number.NaN]) }]),
    says: 'MODEL writeSafetensors: tensor "w": element 0 is NaN; weights must be finite numbers.',
  },
  {
    what: "infinity in F16",
    call: () => writeSafetensors([{ name: "w", tensor: floats([Number.POSITIVE_INFINITY]) }], { dtype: "F16" }),
    says: "element 0 is Infinity",
  },
  {
    what: "a name given twice",
    call: () =>
      writeSafetensors([
        { name: "w", tensor: zeros([1]) },
        { name: "w", tensor: zeros([1]) },
      ]),
    says: 'OPTION writeSafetensors: the tensor name "w" is given twice.',
  },
  {
    what: "a reserved name",
    call: () => writeSafetensors([{ name: "__metadata__", tensor: zeros([1]) }]),
    says: 'OPTION writeSafetensors: the tensor name "__metadata__" is reserved by the format.',
  },
])("$what cannot be written", async ({ call, says }) => {
  expect(await refusal(call)).toContain(says);
});

test("a float32 that rounds down to the largest float16 can be written", async () => {
  const file = writeSafetensors([{ name: "w", tensor: floats([65519]) }], { dtype: "F16" });
  expect([...(await (await read(file)).entries[0]!.load()).data]).toEqual([65504]);
});

test("integers and other floats are listed with their types, and load as float32", async () => {
  const types = { F64: 8, I64: 8, I32: 4, I16: 2, I8: 1, U8: 1, BOOL: 1, BF16: 2 };
  let position = 0;
  const fields = Object.entries(types).map(([dtype, bytes]) => {
    position += bytes;
    return `"${dtype}":{"dtype":"${dtype}","shape":[1],"data_offsets":[${position - bytes},${position}]}`;
  });
  const { entries } = await read(fileOf(`{${fields.join(",")}}`, position));
  expect(entries.map(({ dtype }) => dtype)).toEqual([
    "float64",
    "int64",
    "int32",
    "int16",
    "int8",
    "uint8",
    "bool",
    "bfloat16",
  ]);
  for (const entry of entries) expect([...(await entry.load()).data]).toEqual([0]);
  expect([...(await loadWeights(entries)).keys()]).toEqual(["F64", "BF16"]);
});

test("listing reads the header only, and loading the data only", async () => {
  const source = countingSource(
    writeSafetensors([
      { name: "a", tensor: zeros([1000]) },
      { name: "b", tensor: zeros([2]) },
    ]),
  );
  const { entries } = await readSafetensors(source);
  expect(source.reads.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(300);
  source.reads.length = 0;
  await entries[1]!.load();
  expect(source.reads).toEqual([{ offset: source.size - 8, length: 8 }]);
});

test("a weight that is not finite is refused by name", async () => {
  const file = writeSafetensors([{ name: "w", tensor: floats([1, 2]) }]);
  new DataView(file.buffer).setFloat32(file.length - 4, Number.NaN, true);
  const { entries } = await read(file);
  expect(await refusal(() => loadWeights(entries))).toContain('MODEL w.safetensors: tensor "w": element 1 is NaN');
  expect([...(await entries[0]!.load({ allowNonFinite: true })).data]).toEqual([1, Number.NaN]);
});

const f32 = (start: number, end: number, shape = `[${(end - start) / 4}]`) =>
  `{"dtype":"F32","shape":${shape},"data_offsets":[${start},${end}]}`;

test.each([
  { what: "an empty file", bytes: bytesOf(), says: "FILE w.safetensors: the file is empty (0 bytes)." },
  {
    what: "a file of three bytes",
    bytes: bytesOf("abc"),
    says: "the length of the safetensors header needs bytes 0 to 8",
  },
  {
    what: "a huge header",
    bytes: bytesOf(unsigned(2n ** 63n, 8), "{}"),
    says: "wanted a safetensors header of at most 16777216 bytes, got 9223372036854776000.",
  },
  {
    what: "a header beyond the file",
    bytes: bytesOf(unsigned(1000, 8), "{}"),
    says: "the safetensors header needs bytes 8 to 1008, and the file ends at byte 10.",
  },
  { what: "a header that is not JSON", bytes: fileOf("{nonsense"), says: "the safetensors header is not JSON." },
  {
    what: "a header that is not UTF-8",
    bytes: bytesOf(unsigned(2, 8), 0xff, 0xff),
    says: "the safetensors header is not JSON.",
  },
  { what: "a header of brackets", bytes: fileOf("[".repeat(300_000)), says: "the safetensors header is not JSON." },
  {
    what: "a list as header",
    bytes: fileOf("[]"),
    says: "wanted a JSON object as safetensors header, got another value.",
  },
  {
    what: "a tensor that is no object",
    bytes: fileOf('{"a":5}'),
    says: 'tensor "a": wanted an object with dtype, shape and data_offsets, got another value.',
  },
  {
    what: "an unknown dtype",
    bytes: fileOf('{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}', 1),
    says: 'tensor "a": wanted a dtype of F32, F16, BF16, F64, I64, I32, I16, I8, U8, BOOL, got "\\"F8_E4M3\\"".',
  },
  {
    what: "a dtype from a prototype",
    bytes: fileOf('{"a":{"__proto__":{"dtype":"F32"},"shape":[1],"data_offsets":[0,4]}}', 4),
    says: "wanted a dtype of",
  },
  {
    what: "a shape in fractions",
    bytes: fileOf('{"a":{"dtype":"F32","shape":[0.5],"data_offsets":[0,2]}}', 2),
    says: 'tensor "a": wanted a shape in whole numbers',
  },
  {
    what: "a negative shape",
    bytes: fileOf('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4),
    says: "wanted a shape in whole numbers",
  },
  {
    what: "three offsets",
    bytes: fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}', 4),
    says: "wanted two data_offsets in bytes",
  },
  {
    what: "a shape of another size than its data",
    bytes: fileOf(`{"a":${f32(0, 8, "[3]")}}`, 8),
    says: 'tensor "a": float32 [3] needs 12 bytes, and its data_offsets are 8 bytes apart.',
  },
  {
    what: "a shape beyond counting",
    bytes: fileOf(`{"a":${f32(0, 8, "[9007199254740991,9007199254740991]")}}`, 8),
    says: "bytes apart.",
  },
  { what: "offsets in reverse", bytes: fileOf(`{"a":${f32(8, 0, "[2]")}}`, 8), says: "bytes apart." },
  {
    what: "an overlap",
    bytes: fileOf(`{"a":${f32(0, 8)},"b":${f32(4, 12)}}`, 12),
    says: 'tensor "b" overlaps the tensor before it: it begins at data byte 4, wanted 8.',
  },
  {
    what: "two tensors of the same data",
    bytes: fileOf(`{"a":${f32(0, 8)},"b":${f32(0, 8)}}`, 8),
    says: "overlaps the tensor before it",
  },
  {
    what: "a hole",
    bytes: fileOf(`{"a":${f32(0, 8)},"b":${f32(12, 16)}}`, 16),
    says: 'tensor "b" leaves a hole before it: it begins at data byte 12, wanted 8.',
  },
  { what: "data after the tensors", bytes: fileOf(`{"a":${f32(0, 8)}}`, 9), says: "its tensors end at byte" },
  {
    what: "data cut short",
    bytes: fileOf(`{"a":${f32(0, 8)}}`, 7),
    says: "It is damaged or its download was cut short; get it again.",
  },
  {
    what: "metadata that is not text",
    bytes: fileOf('{"__metadata__":{"a":1}}'),
    says: '"__metadata__" must map names to strings, got something else.',
  },
])("$what is refused", async ({ bytes, says }) => {
  expect(await refusal(() => read(bytes))).toContain(says);
});

test("a tensor named __proto__ changes no prototype", async () => {
  const { entries } = await read(fileOf(`{"__proto__":${f32(0, 4)},"constructor":${f32(4, 8)}}`, 8));
  expect(entries.map(({ name }) => name)).toEqual(["__proto__", "constructor"]);
  expect(({} as { dtype?: string }).dtype).toBeUndefined();
});

test("a dtype nested deeper than the stack is refused without being shown", async () => {
  const nested = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const header = new TextEncoder().encode(`{"w":{"dtype":${nested},"shape":[1],"data_offsets":[0,4]}}`);
  const file = new Uint8Array(8 + header.length + 4);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  await expect(readSafetensors(bytesSource(file, "deep.safetensors"))).rejects.toMatchObject({
    code: "MODEL",
    message: expect.stringMatching(/wanted a dtype of .*, got a list\.$/),
  });
});
