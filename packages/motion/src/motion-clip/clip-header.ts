import { BunrakuError } from "@bunraku/backends";
import {
  allowedParts,
  type KeypointLayout,
  type KeypointParts,
  partNames,
} from "../keypoint-layout/keypoint-layout.ts";
import { nestsDeeper } from "./json-nesting.ts";

/** What a clip says of itself. Fields of other names are kept, if they can be written as JSON. */
export interface MotionClipFields {
  /** Index of the frame that relative movement starts from. @default 0 */
  readonly initial?: number;
  /** The program that wrote it: "bunraku 1.0.0". */
  readonly generator?: string;
  /** The model that found the keypoints: they mean nothing to another one. */
  readonly model?: { readonly family: string; readonly name?: string };
  /** The part of the driving pictures that was read, in pixels: what ±1 are the borders of. */
  readonly picture?: { readonly width: number; readonly height: number };
  /** Nominal frames per second. Timestamps say when frames are. */
  readonly frameRate?: number;
  /** Free text. */
  readonly about?: string;
  /** Under which terms it may be used. */
  readonly licence?: string;
  /** Whose motion it is and where it comes from. */
  readonly provenance?: string;
  readonly [field: string]: unknown;
}

/** The header of a motion clip. */
export interface MotionClipHeader extends MotionClipFields, KeypointLayout {
  readonly formatVersion: 1;
  readonly initial: number;
  readonly keypoints: number;
  readonly parts: KeypointParts;
}

/** How a header that is not right is refused. */
type Refuse = (problem: string) => BunrakuError;

const largestCount = 65536;
/** A longer header is damage, or does not belong into one. */
export const largestHeader = 2 ** 20;

/** Deeper fields would end whoever goes through them by recursion. */
const deepest = 64;
const tooDeep = `its header must not be nested more than ${deepest} levels deep.`;

/** Fills in what the caller leaves out, and checks what it gives. @throws `OPTION` */
export function completeHeader(fields: MotionClipFields & KeypointLayout): MotionClipHeader {
  const refuse: Refuse = (problem) => new BunrakuError("OPTION", `motion clip: ${problem}`);
  return checkHeader({ initial: 0, ...fields, formatVersion: 1 }, refuse);
}

/** A header as JSON in UTF-8. @throws `OPTION` when it is no JSON, or too long */
export function encodeHeader(header: MotionClipHeader): Uint8Array {
  let text: string;
  try {
    const { formatVersion, ...rest } = header;
    text = JSON.stringify({ formatVersion, ...rest });
  } catch (cause) {
    throw new BunrakuError("OPTION", "motion clip: its header has a field that cannot be written as JSON.", { cause });
  }
  if (nestsDeeper(text, deepest)) throw new BunrakuError("OPTION", `motion clip: ${tooDeep}`);
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > largestHeader) {
    throw new BunrakuError("OPTION", `motion clip: its header needs ${bytes.length} bytes; ${largestHeader} fit.`);
  }
  return bytes;
}

/** Reads a header of a file. @throws `FILE`, `UNSUPPORTED` */
export function decodeHeader(bytes: Uint8Array, file: string): MotionClipHeader {
  const refuse: Refuse = (problem) => new BunrakuError("FILE", `${file}: ${problem}`);
  let text = "";
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw new BunrakuError("FILE", `${file}: the header of the motion clip is not JSON. The file is damaged.`, {
      cause,
    });
  }
  if (nestsDeeper(text, deepest)) throw refuse(tooDeep);
  if (!isRecord(header)) throw refuse("wanted a JSON object as header of the motion clip, got another value.");
  const version = header.formatVersion;
  if (typeof version === "number" && Number.isInteger(version) && version > 1) {
    throw new BunrakuError(
      "UNSUPPORTED",
      `${file}: the motion clip has format version ${version}; this version of bunraku reads 1. Update bunraku.`,
    );
  }
  if (version !== 1) throw refuse(`"formatVersion" must be 1, got ${show(version)}.`);
  return checkHeader(header, refuse);
}

/** Checks every field that has a meaning; the others are kept as they are. */
function checkHeader(header: Record<string, unknown>, refuse: Refuse): MotionClipHeader {
  const expect = (name: string, wanted: string, fits: (value: unknown) => boolean) => {
    if (!fits(header[name])) throw refuse(`"${name}" must be ${wanted}, got ${show(header[name])}.`);
  };
  expect("keypoints", `a whole number from 1 to ${largestCount}`, (value) => isCount(value, 1, largestCount));
  expect("initial", "the index of a frame", (value) => isCount(value, 0, 2 ** 32 - 1));
  expect("parts", "an object with the dims of each part", isRecord);
  const parts = header.parts as Record<string, unknown>;
  for (const [name, dims] of Object.entries(parts)) {
    const allowed = partNames.find((part) => part === name);
    if (!allowed) throw refuse(`"parts" must be of ${partNames.join(", ")}, got ${show(name)}.`);
    const wanted = allowedParts[allowed].map((dims) => `[${dims.join(", ")}]`);
    if (!Array.isArray(dims) || !wanted.includes(`[${dims.map(show).join(", ")}]`)) {
      throw refuse(`"parts.${name}" must be ${wanted.join(" or ")}, got ${show(dims)}.`);
    }
  }
  if (!Object.hasOwn(parts, "points")) throw refuse(`"parts" must have points.`);
  for (const name of ["generator", "about", "licence", "provenance"]) {
    expect(name, "text", (value) => value === undefined || typeof value === "string");
  }
  expect("frameRate", "a number above 0", (value) => {
    return value === undefined || (typeof value === "number" && Number.isFinite(value) && value > 0);
  });
  expect("model", "an object with the texts family and, perhaps, name", (value) => {
    if (value === undefined) return true;
    if (!isRecord(value) || typeof value.family !== "string") return false;
    return value.name === undefined || typeof value.name === "string";
  });
  expect("picture", "an object with width and height in pixels", (value) => {
    if (value === undefined) return true;
    return isRecord(value) && [value.width, value.height].every((side) => isCount(side, 1, 2 ** 24));
  });
  return header as unknown as MotionClipHeader;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}

/** A value of an untrusted header, short. */
function show(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = String(typeof value === "string" ? JSON.stringify(value) : value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
