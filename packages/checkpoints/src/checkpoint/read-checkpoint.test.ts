import { expect, test } from "vitest";
import { bytesSource } from "../source/byte-source.ts";
import { loadWeights } from "../tensors/load-weights.ts";
import { countingSource } from "../testing/counting-source.ts";
import {
  Call,
  dense,
  floats,
  global,
  longs,
  type Python,
  Storage,
  stateDictOf,
  TestTensor,
  tuple,
} from "../testing/python.ts";
import { refusal } from "../testing/refusal.ts";
import { containers, smallCheckpoint, writeLegacy, writeZipCheckpoint } from "../testing/write-checkpoint.ts";
import { readCheckpoint } from "./read-checkpoint.ts";

const modelOf = (tensors: Record<string, Python>) => new Map<Python, Python>([["net", stateDictOf(tensors)]]);
const read = (bytes: Uint8Array, name = "heads.pth.tar") => readCheckpoint(bytesSource(bytes, name));

async function valuesOf(bytes: Uint8Array, module = "net"): Promise<Record<string, number[]>> {
  const weights = await loadWeights((await read(bytes)).modules.get(module)!);
  return Object.fromEntries([...weights].map(([name, { data }]) => [name, [...data]]));
}

test.each(containers)("a $container checkpoint is listed in file order", async ({ container, write }) => {
  const checkpoint = await read(write(smallCheckpoint()));
  expect(checkpoint.container).toBe(container);
  expect(checkpoint.topLevel).toEqual(["generator", "kp_detector", "optimizer_generator", "epoch", "it"]);
  expect([...checkpoint.scalars]).toEqual([
    ["epoch", 99],
    ["it", 70_000],
  ]);
  expect([...checkpoint.modules.keys()]).toEqual(["generator", "kp_detector"]);
  expect(checkpoint.modules.get("generator")).toMatchObject([
    { name: "first.conv.weight", dims: [2, 3, 1, 1], dtype: "float32" },
    { name: "first.conv.bias", dims: [2], dtype: "float32" },
    { name: "first.norm.num_batches_tracked", dims: [], dtype: "int64" },
  ]);
});

test.each(containers)("the weights of a $container checkpoint are read; counters are left out", async ({ write }) => {
  const bytes = write(smallCheckpoint());
  expect(await valuesOf(bytes, "generator")).toEqual({
    "first.conv.weight": [1, 2, 3, 4, 5, 6],
    "first.conv.bias": [-1, 0.5],
  });
  expect(await valuesOf(bytes, "kp_detector")).toEqual({ "kp.weight": [0.125, -8, Math.fround(3e-5)] });
});

test("an integer tensor can be asked for itself", async () => {
  const [, , counter] = (await read(writeLegacy(smallCheckpoint()))).modules.get("generator")!;
  expect([...(await counter!.load()).data]).toEqual([12345]);
});

test.each(containers)("listing a $container checkpoint reads no tensor data", async ({ write }) => {
  const megabyte = floats("0", new Array(262_144).fill(1));
  const source = countingSource(write(modelOf({ weight: dense(megabyte, [262_144]) })));
  const { modules } = await readCheckpoint(source);
  expect(source.reads.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(600_000);
  source.reads.length = 0;
  await loadWeights(modules.get("net")!, { filter: () => false });
  expect(source.reads).toEqual([]);
});

test.each(containers)("only the wanted tensors of a $container checkpoint are read", async ({ write }) => {
  const tensors = Object.fromEntries(
    ["a", "b", "c"].map((key, i) => [key, dense(floats(key, new Array(1000).fill(i)), [1000])]),
  );
  const source = countingSource(write(modelOf(tensors)));
  const { modules } = await readCheckpoint(source);
  source.reads.length = 0;
  const weights = await loadWeights(modules.get("net")!, { filter: (name) => name === "b" });
  expect([...weights.keys()]).toEqual(["b"]);
  expect(source.reads.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(4100);
});

const six = floats("0", [0, 1, 2, 3, 4, 5]);

test.each([
  { what: "transposed", tensor: new TestTensor(six, [3, 2], [1, 3], 0), values: [0, 3, 1, 4, 2, 5] },
  { what: "from the middle of a storage", tensor: new TestTensor(six, [2], [1], 3), values: [3, 4] },
  { what: "every second element", tensor: new TestTensor(six, [3], [2], 1), values: [1, 3, 5] },
  { what: "expanded", tensor: new TestTensor(six, [2, 3], [0, 1], 1), values: [1, 2, 3, 1, 2, 3] },
  { what: "one element many times", tensor: new TestTensor(six, [4], [0], 5), values: [5, 5, 5, 5] },
  { what: "a scalar", tensor: new TestTensor(six, [], [], 2), values: [2] },
  { what: "empty", tensor: new TestTensor(six, [0, 3], [3, 1], 6), values: [] },
  {
    what: "of size 1 with a stride that means nothing",
    tensor: new TestTensor(six, [1, 2], [99, 1], 0),
    values: [0, 1],
  },
])("a tensor that is $what is read row by row", async ({ tensor, values }) => {
  for (const { write } of containers)
    expect(await valuesOf(write(modelOf({ weight: tensor })))).toEqual({ weight: values });
});

test("tensors can share a storage, and each owns its numbers", async () => {
  const bytes = writeZipCheckpoint(modelOf({ a: dense(six, [6]), b: dense(six, [2, 3]) }));
  const weights = await loadWeights((await read(bytes)).modules.get("net")!);
  weights.get("a")!.data.fill(9);
  expect([...weights.get("b")!.data]).toEqual([0, 1, 2, 3, 4, 5]);
});

test.each([
  { type: "float16", data: new Uint8Array(Uint16Array.of(0x3c00, 0xc000).buffer), values: [1, -2] },
  { type: "bfloat16", data: new Uint8Array(Uint16Array.of(0x3f80, 0xc040).buffer), values: [1, -3] },
  { type: "float64", data: new Uint8Array(Float64Array.of(0.5, -7).buffer), values: [0.5, -7] },
] as const)("$type weights become float32", async ({ type, data, values }) => {
  const bytes = writeLegacy(modelOf({ weight: dense(new Storage("0", type, data, 2), [2]) }));
  expect(await valuesOf(bytes)).toEqual({ weight: [...values] });
});

test("a state dictionary without a module around it is the module without a name", async () => {
  const { modules } = await read(writeZipCheckpoint(stateDictOf({ "kp.weight": dense(six, [6]) })));
  expect([...modules.keys()]).toEqual([""]);
  expect(modules.get("")![0]!.name).toBe("kp.weight");
});

test("the prefix of data-parallel training is taken off when every name has it", async () => {
  const names = async (...keys: string[]) => {
    const bytes = writeZipCheckpoint(modelOf(Object.fromEntries(keys.map((key) => [key, dense(six, [6])]))));
    return (await read(bytes)).modules.get("net")!.map(({ name }) => name);
  };
  expect(await names("module.a", "module.b")).toEqual(["a", "b"]);
  expect(await names("module.a", "b")).toEqual(["module.a", "b"]);
});

test("names that mean something to JavaScript are names like any other", async () => {
  const tensors = new Map<Python, Python>([
    ["__proto__", dense(six, [6])],
    ["constructor", dense(longs("1", [1]), [1])],
  ]);
  const { modules } = await read(writeZipCheckpoint(new Map<Python, Python>([["__proto__", tensors]])));
  expect(modules.get("__proto__")!.map(({ name }) => name)).toEqual(["__proto__", "constructor"]);
});

test.each([
  { options: { protocol: 4 }, what: "protocol 4" },
  { options: { python2: true }, what: "Python 2" },
] as const)("checkpoints written by $what are read", async ({ options }) => {
  for (const { write } of containers) {
    expect(Object.keys(await valuesOf(write(smallCheckpoint(), options), "generator"))).toEqual([
      "first.conv.weight",
      "first.conv.bias",
    ]);
  }
});

test("parameters are read like tensors", async () => {
  const parameter = new Call(global("torch._utils", "_rebuild_parameter"), tuple(dense(six, [6]), true, null));
  expect(await valuesOf(writeLegacy(modelOf({ weight: parameter })))).toEqual({ weight: [0, 1, 2, 3, 4, 5] });
});

test("a module that is asked for and not there is named, with those that are", async () => {
  const bytes = writeLegacy(smallCheckpoint());
  expect(await refusal(() => readCheckpoint(bytesSource(bytes, "heads.pth.tar"), { modules: ["discriminator"] }))).toBe(
    'MODEL heads.pth.tar: wanted module "discriminator", got "generator", "kp_detector". It may be a checkpoint of another system.',
  );
  const { modules } = await readCheckpoint(bytesSource(bytes, "heads.pth.tar"), { modules: ["kp_detector"] });
  expect([...modules.keys()]).toEqual(["kp_detector"]);
});

test("an abort is thrown as it is", async () => {
  const bytes = writeLegacy(smallCheckpoint());
  const signal = AbortSignal.abort(new Error("stop"));
  await expect(readCheckpoint(bytesSource(bytes, "x"), { signal })).rejects.toThrow("stop");
  const { modules } = await read(bytes);
  await expect(loadWeights(modules.get("generator")!, { signal })).rejects.toThrow("stop");
  await expect(modules.get("generator")![0]!.load({ signal })).rejects.toThrow("stop");
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  "a weight of %s is refused by name",
  async (bad) => {
    const { modules } = await read(writeZipCheckpoint(modelOf({ "kp.weight": dense(floats("0", [1, bad]), [2]) })));
    const entries = modules.get("net")!;
    expect(await refusal(() => loadWeights(entries))).toContain(
      `MODEL heads.pth.tar: tensor "kp.weight": element 1 is ${bad}; weights must be finite float32 numbers.`,
    );
    expect([...(await loadWeights(entries, { allowNonFinite: true })).get("kp.weight")!.data]).toEqual([1, bad]);
  },
);

test("a float64 that float32 cannot hold is refused", async () => {
  const data = new Uint8Array(Float64Array.of(1e300).buffer);
  const { modules } = await read(writeLegacy(modelOf({ weight: dense(new Storage("0", "float64", data, 1), [1]) })));
  expect(await refusal(() => loadWeights(modules.get("net")!))).toContain('tensor "weight": element 0 is Infinity');
});

test.each([
  {
    what: "too large",
    tensor: new TestTensor(six, [7], [1], 0),
    says: "size [7], stride [1], offset 0 reaches outside its storage of 6 elements",
  },
  { what: "too far in", tensor: new TestTensor(six, [2], [1], 5), says: "offset 5 reaches outside" },
  {
    what: "strided out",
    tensor: new TestTensor(six, [2, 2], [1, 5], 0),
    says: "stride [1, 5], offset 0 reaches outside",
  },
  {
    what: "at a huge offset",
    tensor: new TestTensor(six, [1], [1], 2 ** 52),
    says: "offset 4503599627370496 reaches outside",
  },
  { what: "of huge strides", tensor: new TestTensor(six, [2, 2], [2 ** 52, 2 ** 52], 0), says: "reaches outside" },
  {
    what: "expanded beyond counting",
    tensor: new TestTensor(six, [2 ** 40, 2 ** 40], [0, 0], 0),
    says: "reaches outside",
  },
  {
    what: "at a negative offset",
    tensor: new TestTensor(six, [1], [1], -1),
    says: "wanted a size, a stride and an offset in whole numbers from 0, got size [1], stride [1], offset -1.",
  },
  { what: "of negative size", tensor: new TestTensor(six, [-1], [1], 0), says: "got size [-1]" },
  { what: "of negative stride", tensor: new TestTensor(six, [2], [-1], 3), says: "stride [-1]" },
  {
    what: "of fewer strides than dims",
    tensor: new TestTensor(six, [2, 2], [1], 0),
    says: "got size [2, 2], stride [1]",
  },
  {
    what: "of 65 dims",
    tensor: new TestTensor(six, new Array(65).fill(1), new Array(65).fill(1), 0),
    says: "wanted a size",
  },
])("a tensor that is $what is refused when listed", async ({ tensor, says }) => {
  for (const { write } of containers) {
    const message = await refusal(() => read(write(modelOf({ weight: tensor }))));
    expect(message).toMatch(/^MODEL heads.pth.tar: tensor "weight": /);
    expect(message).toContain(says);
  }
});

test("a tensor larger than its file is refused before memory is taken", async () => {
  const bytes = writeLegacy(modelOf({ weight: new TestTensor(six, [1_000_000_000], [0], 0) }));
  expect(await refusal(() => read(bytes))).toContain(
    "up to here the tensors have 1000000000 elements, more than a file of",
  );
});

test("many tensors that share one storage cannot be larger than their file", async () => {
  const storage = floats("0", new Array(20_000).fill(1));
  const tensors = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`t${i}`, dense(storage, [20_000])]));
  expect(await refusal(() => read(writeZipCheckpoint(modelOf(tensors))))).toContain("more than a file of");
});

test("one dictionary under very many names is refused, quickly", async () => {
  const inner = stateDictOf(Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`t${i}`, 1])));
  const outer = new Map<Python, Python>(Array.from({ length: 2000 }, (_, i) => [`m${i}`, inner]));
  expect(await refusal(() => read(writeZipCheckpoint(outer)))).toContain(
    "wanted at most 1000000 values in all modules, got more.",
  );
});

test.each([
  { what: "a list", object: [1, 2], says: "wanted a dictionary of state dictionaries, got a list." },
  { what: "a tensor alone", object: dense(six, [6]), says: "wanted a dictionary of state dictionaries, got a tensor." },
  {
    what: "a dictionary without tensors",
    object: new Map([["epoch", 1]]),
    says: "wanted a dictionary with tensors in it, got one without.",
  },
])("$what is no checkpoint", async ({ object, says }) => {
  for (const { write } of containers)
    expect(await refusal(() => read(write(object)))).toContain(`MODEL heads.pth.tar: ${says}`);
});

test("sparse views of a storage are refused when together they skip more than the file holds", async () => {
  const storage = floats("0", new Array<number>(20_000).fill(1));
  const views = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`w${i}`, new TestTensor(storage, [2], [19_999], 0)]),
  );
  const bytes = writeZipCheckpoint(new Map([["generator", stateDictOf(views)]]));
  await expect(readCheckpoint(bytesSource(bytes, "sparse.pth"))).rejects.toMatchObject({
    code: "MODEL",
    message: expect.stringContaining("up to here tensors skip"),
  });
  const few = writeZipCheckpoint(new Map([["generator", stateDictOf({ w0: views.w0! })]]));
  const { modules } = await readCheckpoint(bytesSource(few, "one.pth"));
  expect([...(await modules.get("generator")![0]!.load()).data]).toEqual([1, 1]);
});
