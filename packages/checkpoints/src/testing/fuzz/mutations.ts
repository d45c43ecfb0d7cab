import { opcodes } from "../../pickle/opcodes.ts";
import { bytesOf, joined } from "../bytes.ts";
import type { Random } from "./random.ts";
import { structureOf } from "./structure.ts";

/** Changes a file. `other` is another file of the corpus. */
export type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

const flipBits: Mutation = (bytes, random) => {
  const changed = bytes.slice();
  for (let count = 1 + random.below(4); count > 0; count--) {
    changed[random.below(bytes.length)]! ^= 1 << random.below(8);
  }
  return changed;
};

const fillRun: Mutation = (bytes, random) => {
  const from = random.below(bytes.length);
  return bytes.slice().fill(random.pick([0, 0x7f, 0x80, 0xff, random.below(256)]), from, from + 1 + random.below(32));
};

const moveRun: Mutation = (bytes, random) => {
  const from = random.below(bytes.length);
  return bytes.slice().copyWithin(random.below(bytes.length), from, from + 1 + random.below(64));
};

const truncate: Mutation = (bytes, random) => bytes.slice(0, random.below(bytes.length));

const cutOut: Mutation = (bytes, random) => {
  const from = random.below(bytes.length);
  return joined([bytes.subarray(0, from), bytes.subarray(from + 1 + random.below(64))]);
};

const grow: Mutation = (bytes, random) => {
  const at = random.pick([0, bytes.length, random.below(bytes.length)]);
  const more = random.pick([random.bytes(1 + random.below(64)), new Uint8Array(1 + random.below(4096)), bytes]);
  return joined([bytes.subarray(0, at), more, bytes.subarray(at)]);
};

const splice: Mutation = (bytes, random, other) =>
  joined([bytes.subarray(0, random.below(bytes.length)), other.subarray(random.below(other.length))]);

/** A number that says something else than the truth. */
const lie: Mutation = (bytes, random) => {
  const { fields } = structureOf(bytes);
  if (fields.length === 0) return digits(bytes, random, bytes);
  const field = random.pick(fields);
  if (field.at + field.bytes > bytes.length) return bytes;
  const changed = bytes.slice();
  let truth = 0n;
  for (let i = field.bytes - 1; i >= 0; i--) truth = (truth << 8n) | BigInt(bytes[field.at + i]!);
  let value = BigInt.asUintN(8 * field.bytes, random.pick(lies(truth, bytes.length, random)));
  for (let i = 0; i < field.bytes; i++, value >>= 8n) changed[field.at + i] = Number(value & 0xffn);
  return changed;
};

function lies(truth: bigint, size: number, random: Random): bigint[] {
  const powers = [7n, 8n, 15n, 16n, 31n, 32n, 53n, 62n, 63n, 64n].flatMap((power) => [2n ** power - 1n, 2n ** power]);
  const near = [truth - 1n, truth + 1n, truth * 2n, truth + 64n, BigInt(size), BigInt(size) - truth];
  return [...powers, ...near, ...near, 0n, 1n, BigInt(random.below(2 ** 31)), BigInt(random.below(size))];
}

/** The same for numbers in text: the header of safetensors, yaml. */
const digits: Mutation = (bytes, random) => {
  const places: [number, number][] = [];
  for (let at = 0; at < Math.min(bytes.length, 65_536); at++) {
    if (!isDigit(bytes[at])) continue;
    let end = at;
    while (isDigit(bytes[end])) end++;
    places.push([at, end]);
    at = end;
  }
  if (places.length === 0) return bytes;
  const [from, to] = random.pick(places);
  const value = random.pick([
    "0",
    "1",
    "7",
    "64",
    "65536",
    "2147483648",
    "9007199254740992",
    "1e308",
    "-1",
    "0.5",
    "1e999",
    "[]",
    "null",
    '"4"',
  ]);
  return joined([bytes.subarray(0, from), value, bytes.subarray(to)]);
};

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

const known = Object.values(opcodes);
// INST, OBJ, NEWOBJ, NEWOBJ_EX, EXT1, BUILD's relatives, text forms: what other pickles have.
const unknown = [0x69, 0x6f, 0x81, 0x92, 0x82, 0x83, 0x84, 0x49, 0x4c, 0x53, 0x56, 0x67, 0x70, 0x50, 0x96, 0x97, 0x98];

const replaceOpcode: Mutation = (bytes, random) => {
  const { operations } = structureOf(bytes);
  if (operations.length === 0) return bytes;
  const changed = bytes.slice();
  changed[random.pick(operations).at] = random.pick(random.below(4) === 0 ? unknown : known);
  return changed;
};

/** Two operations, or runs of them, in each other's place. */
const swapOperations: Mutation = (bytes, random) => {
  const { operations } = structureOf(bytes);
  if (operations.length < 4) return bytes;
  const first = random.below(operations.length - 2);
  const second = first + 1 + random.below(Math.min(20, operations.length - first - 1));
  const [a, b] = [operations[first]!, operations[second]!];
  return joined([
    bytes.subarray(0, a.at),
    bytes.subarray(b.at, b.end),
    bytes.subarray(a.end, b.at),
    bytes.subarray(a.at, a.end),
    bytes.subarray(b.end),
  ]);
};

/** A run of operations left out, or done again somewhere else. */
const repeatOperations: Mutation = (bytes, random) => {
  const { operations } = structureOf(bytes);
  if (operations.length === 0) return bytes;
  const from = random.below(operations.length);
  const run = operations.slice(from, from + 1 + random.below(12));
  const part = bytes.subarray(run[0]!.at, run.at(-1)!.end);
  if (random.below(3) === 0) return joined([bytes.subarray(0, run[0]!.at), bytes.subarray(run.at(-1)!.end)]);
  const to = random.pick(operations).at;
  const copies = new Array<Uint8Array>(random.pick([1, 1, 2, 50])).fill(part);
  return joined([bytes.subarray(0, to), ...copies, bytes.subarray(to)]);
};

/** Operations that a state dictionary has no use for: calls, deep nesting, growth. */
const insertOperations: Mutation = (bytes, random) => {
  const { operations } = structureOf(bytes);
  if (operations.length === 0) return bytes;
  const at = random.pick(operations).at;
  const global = (name: string) => `c${name.replace(".", "\n")}\n`;
  const part = random.pick([
    bytesOf(global("posix.system"), "X", 2, 0, 0, 0, "id", 0x85, "R"),
    bytesOf(global("builtins.eval"), "X", 1, 0, 0, 0, "1", 0x85, "R"),
    bytesOf(0x8c, 5, "posix", 0x8c, 6, "system", 0x93, ")R"),
    bytesOf(global("collections.OrderedDict"), ")R"),
    bytesOf(global("torch.FloatStorage")),
    bytesOf("(".repeat(1 + random.below(2000))),
    bytesOf("]".repeat(1 + random.below(2000))),
    bytesOf("N0".repeat(1 + random.below(2000))),
    bytesOf("2"),
    bytesOf("0"),
    bytesOf("1"),
    bytesOf("."),
    bytesOf("h", random.below(256)),
    bytesOf("J", random.bytes(4)),
    bytesOf(0x8a, 8, random.bytes(8)),
    bytesOf("G", random.bytes(8)),
  ]);
  return joined([bytes.subarray(0, at), part, bytes.subarray(at)]);
};

/** Pieces of text that yaml and JSON give a meaning to. */
const insertText: Mutation = (bytes, random) => {
  const piece = random.pick(
    [
      "&a ",
      "*a",
      "<<: *a\n",
      "!!python/object/apply:os.system ['id']",
      "!!binary ",
      "? ",
      "- ",
      "{",
      "}",
      "[",
      "]",
    ].concat(
      ['"', "'", "|\n", ">\n", "%YAML 1.1\n", "---\n", "...\n", "\t", "\r", "\0", "#", ":", ": ", ",", "\n", "\n  "],
      [
        ".inf",
        ".nan",
        "1e999",
        "0x7fffffff",
        "0b1",
        "1:30",
        "~",
        "yes",
        "__proto__: ",
        "constructor: ",
        "\u2028",
        "\ufeff",
      ],
      ["[".repeat(1 + random.below(200)), "- ".repeat(1 + random.below(200)), "*a,".repeat(1 + random.below(200))],
      [
        "model_params:\n",
        "kp_detector_params: ",
        "frame_shape: ",
        '"data_offsets":[0,4]',
        '"shape":[1]',
        '"dtype":"F32"',
      ],
    ),
  );
  const at = random.below(Math.min(bytes.length, 65_536) + 1);
  return joined([bytes.subarray(0, at), piece, bytes.subarray(at)]);
};

/** A line of text left out, doubled, moved or indented. */
const moveLines: Mutation = (bytes, random) => {
  const lines = new TextDecoder("latin1").decode(bytes.subarray(0, 65_536)).split("\n");
  const from = random.below(lines.length);
  const line = lines[from]!;
  const change = random.below(4);
  if (change === 0) lines.splice(from, 1);
  else if (change === 1) lines.splice(random.below(lines.length + 1), 0, line);
  else if (change === 2) lines[from] = `${" ".repeat(random.below(8))}${line}`;
  else lines[from] = line.replace(/^ +/, "");
  return joined([Uint8Array.from(lines.join("\n"), (char) => char.charCodeAt(0)), bytes.subarray(65_536)]);
};

const anywhere = { flipBits, fillRun, moveRun, truncate, cutOut, grow, splice };

/** Mutations by name, for each kind of file; those that aim stand twice. */
export const mutations: Readonly<Record<"pickle" | "text", readonly (readonly [name: string, Mutation])[]>> = {
  pickle: [
    ...Object.entries({ ...anywhere, replaceOpcode, swapOperations, repeatOperations, insertOperations, lie }),
    ...Object.entries({ lie, replaceOpcode, repeatOperations }),
  ],
  text: [
    ...Object.entries({ ...anywhere, digits, insertText, moveLines, lie }),
    ...Object.entries({ digits, insertText }),
  ],
};
