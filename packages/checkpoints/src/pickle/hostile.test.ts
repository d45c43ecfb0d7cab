import { expect, test } from "vitest";
import { bytesSource } from "../source/byte-source.ts";
import { bytesOf, joined, unsigned } from "../testing/bytes.ts";
import { collidingNumbers } from "../testing/colliding-numbers.ts";
import { refusal } from "../testing/refusal.ts";
import { writePickle } from "../testing/write-pickle.ts";
import { unpickleFrom } from "./unpickle-from.ts";

const refusalOf = (...parts: (number | string | Uint8Array)[]) =>
  refusal(() => unpickleFrom(bytesSource(bytesOf(0x80, 2, ...parts), "evil"), 0));

const runsCode = (name: string) =>
  `the file asks to call "${name}"; bunraku reads weights only and never runs code from a file. ` +
  "Get the checkpoint from a source you trust, or, if it is yours, save state dictionaries (model.state_dict()).";

test("a file that wants to run a command is refused, by name", async () => {
  expect(await refusalOf("cposix\nsystem\nU", 2, "id", 0x85, "R.")).toBe(
    `MODEL evil: byte 2: ${runsCode("posix.system")}`,
  );
});

test.each([
  "builtins.eval",
  "builtins.exec",
  "builtins.getattr",
  "__builtin__.getattr",
  "__builtin__.eval",
  "subprocess.Popen",
  "torch.load",
  "torch.hub.load",
  "torch.jit._pickle.build_intlist",
  "collections.OrderedDict.__class__",
  "modules.generator.OcclusionAwareGenerator",
])("%s is refused", async (name) => {
  const dot = name.lastIndexOf(".");
  expect(await refusalOf(`c${name.slice(0, dot)}\n${name.slice(dot + 1)}\n.`)).toContain(runsCode(name));
});

test("a name from the stack is refused too", async () => {
  expect(await refusalOf(0x8c, 5, "posix", 0x8c, 6, "system", 0x93, ".")).toContain(runsCode("posix.system"));
});

test("a forbidden call inside the arguments of an allowed one is refused", async () => {
  expect(await refusalOf("ctorch._utils\n_rebuild_tensor_v2\n(cbuiltins\neval\nU", 1, "1", 0x85, "RtR.")).toContain(
    runsCode("builtins.eval"),
  );
});

test("a name with control characters is escaped in the message", async () => {
  expect(await refusalOf("cposix\u001b[2J\nsystem\n.")).toContain('"posix\\u001b[2J.system"');
});

test.each([
  {
    what: "calling a storage class",
    bytes: ["ctorch\nFloatStorage\n)R."],
    says: '"torch.FloatStorage" is not something that state dictionaries call.',
  },
  { what: "calling a string", bytes: ["U", 1, "x", ")R."], says: "wanted a function to call, got a string." },
  {
    what: "calling what a call gave",
    bytes: ["ccollections\nOrderedDict\n)R)R."],
    says: "wanted a function to call, got a dictionary.",
  },
  {
    what: "calling without a list of arguments",
    bytes: ["ccollections\nOrderedDict\nNR."],
    says: "wanted a list of arguments, got None.",
  },
  {
    what: "NEWOBJ",
    bytes: ["ccollections\nOrderedDict\n)", 0x81, "."],
    says: "opcode 0x81 is not one that state dictionaries need",
  },
  { what: "INST", bytes: ["(iposix\nsystem\n."], says: "opcode 0x69 is not one" },
  { what: "an extension code", bytes: [0x82, 1, "."], says: "opcode 0x82 is not one" },
  { what: "protocol 0", bytes: [0x80, 0, "."], says: "wanted pickle protocol 2 to 5, got 0." },
  { what: "attributes of a tuple", bytes: [")}b."], says: "wanted a dictionary to set attributes of, got a list." },
  { what: "an empty stack", bytes: ["."], says: "byte 2: a value is missing." },
  { what: "a value below a mark", bytes: ["K", 1, "(a."], says: "a value is missing." },
  { what: "a missing mark", bytes: ["K", 1, "t."], says: "a mark is missing." },
  { what: "an unset memo entry", bytes: ["h", 5, "."], says: "memo entry 5 is used before it is set." },
  { what: "a key without a value", bytes: ["}(K", 1, "u."], says: "wanted keys and values in pairs, got 1 values." },
  { what: "appending to a dictionary", bytes: ["}K", 1, "a."], says: "wanted a list to append to, got a dictionary." },
  {
    what: "text that is not UTF-8",
    bytes: ["X", 1, 0, 0, 0, 0xff, "."],
    says: "wanted text in UTF-8, got other bytes.",
  },
  {
    what: "a name without an end",
    bytes: ["c", "x".repeat(300)],
    says: "wanted a name of at most 255 bytes, got a longer one.",
  },
  {
    what: "a giant integer",
    bytes: [0x8b, unsigned(2 ** 31, 4), "."],
    says: "wanted an integer of at most 64 bytes, got one of 2147483648.",
  },
  {
    what: "text longer than the file",
    bytes: ["X", unsigned(2 ** 32 - 1, 4), "."],
    says: "needs at least 4294967302 bytes, and there are 8.",
  },
  { what: "bytes longer than any file", bytes: [0x8e, unsigned(2n ** 63n, 8), "."], says: "and there are 12." },
  {
    what: "a persistent id that is a string",
    bytes: ["U", 1, "x", "Q."],
    says: 'wanted a persistent id that starts with "storage", got a string.',
  },
])("$what is refused", async ({ bytes, says }) => {
  expect(await refusalOf(...bytes)).toContain(says);
});

test.each([
  {
    what: "a negative size",
    type: "FloatStorage",
    count: ["J", unsigned(0xffffffff, 4)],
    says: 'storage "k": wanted a number of elements, got -1.',
  },
  {
    what: "a size beyond 2^53",
    type: "FloatStorage",
    count: [0x8a, 8, unsigned(2n ** 62n, 8)],
    says: 'storage "k": wanted a number of elements, got 4611686018427387904.',
  },
  {
    what: "a size in fractions",
    type: "FloatStorage",
    count: ["G", new Uint8Array([0x3f, 0xe0, 0, 0, 0, 0, 0, 0])],
    says: "got 0.5.",
  },
  {
    what: "no storage class",
    type: "OrderedDict",
    count: ["K", 1],
    says: "wanted a storage class such as torch.FloatStorage",
  },
])("a storage with $what is refused", async ({ type, count, says }) => {
  const module = type === "OrderedDict" ? "collections" : "torch";
  expect(await refusalOf(`(U`, 7, `storagec${module}\n${type}\nU`, 1, "kU", 3, "cpu", ...count, "tQ.")).toContain(says);
});

test("a view that reaches outside its storage is refused", async () => {
  const id = bytesOf("(U", 7, "storagectorch\nFloatStorage\nU", 1, "kU", 3, "cpuK", 4, "(U", 1, "vK", 3, "K", 2, "ttQ");
  expect(await refusalOf(id, ".")).toContain('storage "k": wanted a view inside its 4 elements, got 2 from 3.');
});

test("one storage key with two sizes is refused", async () => {
  const id = (count: number) => bytesOf("(U", 7, "storagectorch\nFloatStorage\nU", 1, "kU", 3, "cpuK", count, "tQ");
  expect(await refusalOf(id(1), id(2), ".")).toContain(
    'storage "k" is 2 elements of float32 here and 1 of float32 before.',
  );
});

test("200 000 marks are refused, quickly", async () => {
  expect(await refusalOf("(".repeat(200_000))).toContain("wanted at most 1000 things inside each other, got more.");
});

test("a pickle of nothing but work is refused", async () => {
  expect(await refusalOf("N0".repeat(600_000))).toContain("wanted at most 1000000 operations, got more.");
});

test("a memo bomb is refused", async () => {
  const puts = joined(Array.from({ length: 500_001 }, (_, i) => bytesOf("r", unsigned(i, 4))));
  expect(await refusalOf("N", puts)).toContain("wanted at most 500000 memo entries, got more.");
});

test("lists of lists of lists stay as small as they were written", async () => {
  // Ten times ten times ten …: 10^30 values, if anybody counted them.
  const level = (i: number) => bytesOf("](", ...Array.from({ length: 10 }, () => bytesOf("h", i)), "eq", i + 1);
  const bytes = bytesOf(0x80, 2, "Nq", 0, ...Array.from({ length: 30 }, (_, i) => level(i)), ".");
  expect((await unpickleFrom(bytesSource(bytes, "laughs"), 0)).value).toHaveLength(10);
});

test("making one long list into a dictionary again and again is refused", async () => {
  const pairs = bytesOf("](", ...Array.from({ length: 2_000 }, () => bytesOf("NN", 0x86)), "eq", 0);
  const again = bytesOf("h", 1, "h", 0, 0x85, "R");
  expect(
    await refusalOf(pairs, "ccollections\nOrderedDict\nq", 1, ...Array.from({ length: 10_000 }, () => again), "."),
  ).toContain("wanted at most 1000000 operations, got more.");
});

test.each([
  ["dictionary", ["}"], ["K", 1, "s."]],
  ["set", [0x8f, "("], [0x90, "."]],
])("large integers as keys of a %s are refused: they could be made to collide", async (_, before, after) => {
  const large = [0x8a, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9]; // LONG1: 72 bits
  expect(await refusalOf(...before, ...large, ...after)).toContain("an integer of more than 53 bits as a key");
});

test.each([
  ["dictionary", "}(", "u."],
  ["set", "\x8f(", "\x90."],
])(
  "numbers that all have one hash are refused as keys of a %s before they keep the process busy",
  async (what, before, after) => {
    const numbers = collidingNumbers(40_000);
    const view = new DataView(new ArrayBuffer(9 * numbers.length));
    numbers.forEach((number, index) => {
      view.setUint8(9 * index, 0x47); // BINFLOAT
      view.setFloat64(9 * index + 1, number);
    });
    const keys = new Uint8Array(view.buffer);
    const items =
      what === "set" ? keys : joined(Array.from(numbers, (_, i) => bytesOf(keys.subarray(9 * i, 9 * i + 9), "N")));
    const latin1 = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
    expect(await refusalOf(latin1(before), items, latin1(after))).toContain(
      "wanted at most 1000000 operations, got more.",
    );
  },
);

test("the numbers that optimizers name their parameters by are no burden", async () => {
  const ids = Array.from({ length: 1500 }, (_, i) => 140_712_345_678_901 + 64 * i);
  const { bytes } = writePickle(new Map(ids.map((id) => [id, 1])));
  expect((await unpickleFrom(bytesSource(bytes, "optimizer"), 0)).value).toHaveProperty("size", 1500);
});
