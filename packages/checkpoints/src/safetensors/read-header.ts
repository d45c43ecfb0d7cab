import { modelError, quoted } from "../model-error.ts";
import { type ElementType, elementBytes } from "../numbers/element-type.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { readExactly } from "../source/read-exactly.ts";
import { LENGTH_BYTES, METADATA, safetensorsTypes } from "./safetensors-types.ts";

// The format allows 100 MB; 100 000 tensors need less than this.
const LARGEST_HEADER = 16 * 2 ** 20;

export interface HeaderEntry {
  readonly name: string;
  readonly dtype: ElementType;
  readonly dims: readonly number[];
  /** Bytes, from the start of the data. */
  readonly start: number;
  readonly end: number;
}

export interface Header {
  readonly metadata: ReadonlyMap<string, string>;
  /** In header order. */
  readonly entries: readonly HeaderEntry[];
  /** Where the data begins, in bytes from the start of the file. */
  readonly dataStart: number;
}

/** Reads and checks everything but the data. @throws `MODEL`, `FILE` */
export async function readHeader(source: ByteSource): Promise<Header> {
  const prefix = await readExactly(source, 0, LENGTH_BYTES, "the length of the safetensors header");
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true));
  if (length > LARGEST_HEADER) {
    throw modelError(
      source.name,
      `wanted a safetensors header of at most ${LARGEST_HEADER} bytes, got ${length}. It is some other format, or damaged.`,
    );
  }
  const header = parseHeader(source.name, await readExactly(source, LENGTH_BYTES, length, "the safetensors header"));
  const entries: HeaderEntry[] = [];
  let metadata: ReadonlyMap<string, string> = new Map();
  // JSON.parse makes "__proto__" an own property like any other; entries reads own ones only.
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) metadata = readMetadata(source.name, value);
    else entries.push(readEntry(source.name, name, value));
  }
  return { metadata, entries, dataStart: LENGTH_BYTES + length };
}

function parseHeader(file: string, bytes: Uint8Array): object {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw modelError(file, "the safetensors header is not JSON. It is some other format, or damaged.", cause);
  }
  if (!isRecord(header)) throw modelError(file, "wanted a JSON object as safetensors header, got another value.");
  return header;
}

function readMetadata(file: string, value: unknown): ReadonlyMap<string, string> {
  const pairs = isRecord(value) ? Object.entries(value) : undefined;
  if (!pairs?.every(([, text]) => typeof text === "string")) {
    throw modelError(file, `"${METADATA}" must map names to strings, got something else.`);
  }
  return new Map(pairs as [string, string][]);
}

function readEntry(file: string, name: string, value: unknown): HeaderEntry {
  const fail = (message: string) => modelError(file, `tensor ${quoted(name)}: ${message}`);
  if (!isRecord(value)) throw fail("wanted an object with dtype, shape and data_offsets, got another value.");
  const dtype = safetensorsTypes.get(value.dtype);
  if (!dtype) {
    throw fail(`wanted a dtype of ${[...safetensorsTypes.keys()].join(", ")}, got ${show(value.dtype)}.`);
  }
  const { shape, data_offsets: offsets } = value;
  if (!isCounts(shape)) throw fail(`wanted a shape in whole numbers, got ${show(shape)}.`);
  if (!isCounts(offsets) || offsets.length !== 2) throw fail(`wanted two data_offsets in bytes, got ${show(offsets)}.`);
  const [start, end] = offsets as [number, number];
  const needed = shape.reduce((product, dim) => product * dim, elementBytes[dtype]);
  if (end - start !== needed) {
    throw fail(
      `${dtype} [${shape.join(", ")}] needs ${needed} bytes, and its data_offsets are ${end - start} bytes apart.`,
    );
  }
  return { name, dtype, dims: shape, start, end };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return (
    Array.isArray(value) && value.length <= 64 && value.every((count) => Number.isSafeInteger(count) && count >= 0)
  );
}

/** A value of an untrusted header: lists are shown when they are short and flat, since nesting can be deeper than a stack. */
function show(value: unknown): string {
  const plain = (item: unknown) => typeof item !== "object" || item === null;
  if (plain(value) || (Array.isArray(value) && value.length <= 8 && value.every(plain))) {
    return quoted(JSON.stringify(value) ?? "nothing");
  }
  return Array.isArray(value) ? "a list" : "an object";
}
