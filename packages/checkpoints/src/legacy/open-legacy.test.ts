import { expect, test } from "vitest";
import { readCheckpoint } from "../checkpoint/read-checkpoint.ts";
import { bytesSource } from "../source/byte-source.ts";
import { loadWeights } from "../tensors/load-weights.ts";
import { bytesOf, unsigned } from "../testing/bytes.ts";
import { dense, floats, type Python, Storage, stateDictOf, TestTensor } from "../testing/python.ts";
import { refusal } from "../testing/refusal.ts";
import { smallCheckpoint, writeLegacy } from "../testing/write-checkpoint.ts";
import { writePickle } from "../testing/write-pickle.ts";

const read = (bytes: Uint8Array) => readCheckpoint(bytesSource(bytes, "old.pth.tar"));
const net = new Map<Python, Python>([["net", stateDictOf({ weight: dense(floats("5", [1, 2]), [2]) })]]);

/** The five pickles and then `rest`. */
function legacyOf({
  version = 1001,
  system = new Map<Python, Python>([["little_endian", true]]) as Python,
  keys = ["5"] as Python,
  rest = bytesOf(),
}) {
  const pickles = [0x1950a86a20f9469cfc6cn, version, system].map((value) => writePickle(value).bytes);
  return bytesOf(...pickles, writePickle(net, { legacy: true }).bytes, writePickle(keys).bytes, rest);
}

test("a file from a big-endian machine is refused", async () => {
  expect(await refusal(() => read(writeLegacy(smallCheckpoint(), { littleEndian: false })))).toBe(
    "UNSUPPORTED old.pth.tar: the file was saved on a big-endian machine; only little-endian is read. Save it again on another machine.",
  );
});

test("a storage that says another size than the pickle is refused when it is read", async () => {
  const bytes = legacyOf({ rest: bytesOf(unsigned(3, 8), new Uint8Array(8)) });
  const { modules } = await read(bytes);
  expect(await refusal(() => loadWeights(modules.get("net")!))).toContain(
    'storage "5" should have 2 elements, got 3. The file is damaged; get it again.',
  );
});

test.each([
  {
    what: "another version",
    options: { version: 1002 },
    says: "wanted version 1001 of the torch.save format, got 1002.",
  },
  {
    what: "no machine",
    options: { system: null },
    says: "wanted a dictionary about the machine that saved it, got None.",
  },
  { what: "no list of keys", options: { keys: 5 }, says: "wanted a list of storage keys, got 5." },
  {
    what: "a missing storage",
    options: { keys: [] },
    says: 'storage "5" is used by a tensor, and is not in the file.',
  },
  {
    what: "an unknown storage",
    options: { keys: ["5", "6"], rest: new Uint8Array(16) },
    says: 'the list of storages has "6", which no tensor uses.',
  },
  {
    what: "a storage listed twice",
    options: { keys: ["5", "5"], rest: new Uint8Array(16) },
    says: 'storage "5" is listed twice.',
  },
  { what: "storages that are cut short", options: { rest: new Uint8Array(15) }, says: "its tensors need at least" },
])("$what is refused", async ({ options, says }) => {
  expect(await refusal(() => read(legacyOf(options)))).toContain(`MODEL old.pth.tar: ${says}`);
});

test("a storage of more bytes than a file can have is refused", async () => {
  const vast = new Storage("5", "float64", new Uint8Array(8), Number.MAX_SAFE_INTEGER);
  const object = new Map<Python, Python>([["net", stateDictOf({ weight: new TestTensor(vast, [1], [1], 0) })]]);
  expect(await refusal(() => read(writeLegacy(object)))).toContain("and the file has");
});

test("a tensor can be a view of a storage, as very old files have them", async () => {
  const id = bytesOf("(U", 7, "storagectorch\nFloatStorage\nU", 1, "5U", 3, "cpuK", 4, "(U", 1, "vK", 1, "K", 2, "ttQ");
  const tensor = bytesOf("ctorch._utils\n_rebuild_tensor_v2\n(", id, "K", 1, "K", 1, 0x85, "K", 1, 0x85, 0x89, "NtR");
  const data = bytesOf(unsigned(4, 8), new Uint8Array(Float32Array.of(10, 11, 12, 13).buffer));
  const whole = legacyOf({}).subarray(
    0,
    legacyOf({}).length - writePickle(net, { legacy: true }).bytes.length - writePickle(["5"]).bytes.length,
  );
  const bytes = bytesOf(whole, 0x80, 2, "}U", 1, "w", tensor, "s.", writePickle(["5"]).bytes, data);
  const { modules } = await read(bytes);
  expect([...(await loadWeights(modules.get("")!)).get("w")!.data]).toEqual([12]);
});
