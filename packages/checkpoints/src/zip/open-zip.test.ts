import { expect, test } from "vitest";
import { readCheckpoint } from "../checkpoint/read-checkpoint.ts";
import { bytesSource } from "../source/byte-source.ts";
import { loadWeights } from "../tensors/load-weights.ts";
import { bytesOf } from "../testing/bytes.ts";
import { dense, floats, type Python, stateDictOf } from "../testing/python.ts";
import { refusal } from "../testing/refusal.ts";
import { smallCheckpoint, zipEntriesOf } from "../testing/write-checkpoint.ts";
import { type TestZipEntry, type WriteZipOptions, writeZip } from "../testing/write-zip.ts";

const net = new Map<Python, Python>([["net", stateDictOf({ weight: dense(floats("0", [1, 2]), [2]) })]]);
const entries = zipEntriesOf(net);
const read = (list: readonly TestZipEntry[], options?: WriteZipOptions) =>
  readCheckpoint(bytesSource(writeZip(list, options), "new.pth"));
/** The entries, with one of them changed. */
const withEntry = (name: string, change: Partial<TestZipEntry>) =>
  entries.map((entry) => (entry.name === `small/${name}` ? { ...entry, ...change } : entry));

test.each([
  { what: "with zip64 records, as torch writes them", options: {} },
  { what: "without", options: { withZip64: false } },
  { what: "with zip64 values only", options: { onlyLong: true } },
])("a zip $what is read", async ({ options }) => {
  const { modules } = await read(entries, options);
  expect([...(await loadWeights(modules.get("net")!)).get("weight")!.data]).toEqual([1, 2]);
});

test("entries that say nothing are not needed, and others do not matter", async () => {
  const few = entries.filter(({ name }) => !/byteorder|version/.test(name));
  expect((await read(few)).container).toBe("zip");
  expect((await read([...entries, { name: "small/.data/serialization_id", data: bytesOf("7") }])).container).toBe(
    "zip",
  );
});

test.each([
  {
    what: "a compressed entry",
    list: withEntry("data/0", { method: 8 }),
    says: 'MODEL new.pth: zip entry "small/data/0" is compressed; torch.save stores entries as they are',
  },
  {
    what: "an encrypted entry",
    list: withEntry("data/0", { claims: { flags: 1 } }),
    says: 'zip entry "small/data/0" is encrypted.',
  },
  {
    what: "the same name twice",
    list: [...entries, entries[0]!],
    says: 'the zip has two entries "small/data.pkl". It is damaged or made to mislead.',
  },
  {
    what: "two checkpoints in one",
    list: [...entries, { name: "other/data.pkl", data: bytesOf(0x80, 2, "N.") }],
    says: "wanted one data.pkl in the zip, got 2.",
  },
  {
    what: "an entry larger than the file",
    list: withEntry("data/0", { claims: { size: 2 ** 31 } }),
    says: 'zip entry "small/data/0" (2147483648 bytes at byte',
  },
  {
    what: "an entry that runs into the next",
    list: withEntry("data/0", { claims: { size: 100 } }),
    says: "runs into what follows at byte",
  },
  {
    what: "an entry at another's place",
    list: withEntry("data/0", { claims: { offset: 0 } }),
    says: "runs into what follows at byte 0.",
  },
  {
    what: "a storage of another size",
    list: withEntry("data/0", { data: new Uint8Array(12) }),
    says: 'storage "0": 2 elements of float32 are 8 bytes, got 12.',
  },
  {
    what: "a missing storage",
    list: entries.filter(({ name }) => name !== "small/data/0"),
    says: 'storage "0" is used by a tensor, and is not in the file.',
  },
  {
    what: "big-endian data",
    list: withEntry("byteorder", { data: bytesOf("big") }),
    says: 'UNSUPPORTED new.pth: wanted byte order "little", got "big".',
  },
  {
    what: "an unknown version",
    list: withEntry("version", { data: bytesOf("soon") }),
    says: 'wanted a format version from 1 to 99, got "soon".',
  },
  {
    what: "a long note",
    list: withEntry("version", { data: new Uint8Array(1000) }),
    says: 'zip entry "small/version": wanted at most 64 bytes, got 1000.',
  },
  {
    what: "a pickle that ends too soon",
    list: withEntry("data.pkl", { data: entries[0]!.data.subarray(0, 100) }),
    says: "needs at least",
  },
])("$what is refused", async ({ list, says }) => {
  expect(await refusal(() => read(list))).toContain(says);
});

test.each([
  { what: "the number of entries", zip64: { entries: 4000 }, says: "the two end records of the zip disagree." },
  { what: "the place of the list", zip64: { offset: 3 }, says: "the two end records of the zip disagree." },
  { what: "the size of the list", zip64: { size: 2 ** 40 }, says: "the two end records of the zip disagree." },
])("zip64 records that lie about $what are refused", async ({ zip64, says }) => {
  expect(await refusal(() => read(entries, { zip64 }))).toContain(says);
});

test.each([
  {
    what: "more entries than fit",
    zip64: { entries: 2 ** 50 },
    says: "the zip says that its list has 1125899906842624 entries",
  },
  {
    what: "a list beyond the file",
    zip64: { offset: 2 ** 52 },
    says: "at byte 4503599627370496, and it must end before byte",
  },
  { what: "a list of another place", zip64: { offset: 3 }, says: "and what should follow it is at byte" },
])("zip64 records alone that claim $what are refused", async ({ zip64, says }) => {
  expect(await refusal(() => read(entries, { zip64, onlyLong: true }))).toContain(says);
});

test("a local header that is longer than the list says cannot reach into the next entry", async () => {
  const bytes = writeZip(entries);
  const at = Buffer.from(bytes).indexOf("small/data/0") - 30;
  new DataView(bytes.buffer).setUint16(at + 28, 0xffff, true);
  const { modules } = await readCheckpoint(bytesSource(bytes, "new.pth"));
  expect(await refusal(() => loadWeights(modules.get("net")!))).toContain("runs into what follows");
});

test("a local header that is not one is refused", async () => {
  const bytes = writeZip(entries);
  bytes[Buffer.from(bytes).indexOf("small/data/0") - 30] = 0;
  const { modules } = await readCheckpoint(bytesSource(bytes, "new.pth"));
  expect(await refusal(() => loadWeights(modules.get("net")!))).toContain(
    'zip entry "small/data/0" should begin at byte',
  );
});

test("a zip with a comment is read", async () => {
  const bytes = writeZip(zipEntriesOf(smallCheckpoint()));
  new DataView(bytes.buffer).setUint16(bytes.length - 2, 5, true);
  expect((await readCheckpoint(bytesSource(bytesOf(bytes, "hello"), "new.pth"))).scalars.get("epoch")).toBe(99);
});

test("an end record inside a comment is a comment", async () => {
  const bytes = writeZip(zipEntriesOf(smallCheckpoint()));
  const lie = bytesOf("PK\x05\x06", new Uint8Array(18), "more");
  new DataView(bytes.buffer).setUint16(bytes.length - 2, lie.length, true);
  expect((await readCheckpoint(bytesSource(bytesOf(bytes, lie), "new.pth"))).scalars.get("epoch")).toBe(99);
});

test.each([
  { what: "with zip64 records", options: {} },
  { what: "without", options: { withZip64: false } },
])(
  "a zip $what that has bytes between its list and its end is refused: readers differ on what it holds",
  async ({ options }) => {
    const bytes = writeZip(entries, options);
    const end = Buffer.from(bytes).indexOf(options.withZip64 === false ? "PK\x05\x06" : "PK\x06\x06", 0, "latin1");
    const between = bytesOf(bytes.subarray(0, end), new Uint8Array(16), bytes.subarray(end));
    if (options.withZip64 !== false) {
      const locator = Buffer.from(between).indexOf("PK\x06\x07", 0, "latin1");
      new DataView(between.buffer).setUint32(locator + 8, end + 16, true);
    }
    expect(await refusal(() => readCheckpoint(bytesSource(between, "new.pth")))).toContain(
      "It is damaged or made to mislead.",
    );
  },
);

test("two zips one after the other are refused: which of them is meant depends on the reader", async () => {
  const bytes = writeZip(entries);
  expect(await refusal(() => readCheckpoint(bytesSource(bytesOf(bytes, bytes), "new.pth")))).toContain(
    "It is damaged or made to mislead.",
  );
});
