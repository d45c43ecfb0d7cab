import { BunrakuError } from "@bunraku/backends";
import type { Family } from "@bunraku/checkpoints";
import type { TransferOptions } from "@bunraku/motion";
import { transferProblem } from "./transfer-defaults.ts";

/** Who may do what with a model. SPDX names where there is one. */
export interface Licences {
  readonly code?: string;
  readonly weights?: string;
  readonly data?: string;
}

/** A file beside a manifest. */
export interface BundleFile {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Other forms of a model's weights. "int8" also says how the model computes in 8-bit integers, where a backend does;
 * "fp16" is half the size of float32, and computes as float32 does.
 */
export type Variant = "int8" | "fp16";

export const variants: readonly Variant[] = ["int8", "fp16"];

/** `bunraku.json`: what stands next to a model's weights. */
export interface ModelManifest {
  readonly formatVersion: 1;
  readonly name: string;
  readonly family: Family;
  /** The `model_params` of the upstream configuration, as they are. */
  readonly modelParams: Readonly<Record<string, unknown>>;
  /** Frames it was trained on: [height, width] in pixels. */
  readonly frameSize: readonly [number, number];
  /** How the model samples; a property of the checkpoint, not of the code (spec 1.8). */
  readonly alignCorners: boolean;
  readonly weights: BundleFile;
  /** Other forms of the weights, to be chosen instead. @default none */
  readonly variants?: Readonly<Partial<Record<Variant, BundleFile>>>;
  /** How its own configuration moves pictures, where that is not as `transferMotion` does by default. */
  readonly transfer?: TransferOptions;
  /** How its pictures are framed: "face" is a head as `@bunraku/faces` crops it. @default the whole picture */
  readonly framing?: "face";
  readonly licences?: Licences;
  /** What it was trained on, in a sentence. */
  readonly trainedOn?: string;
  readonly description?: string;
}

/**
 * Reads a manifest.
 *
 * @param name For messages: the file's name.
 * @throws `MODEL` naming the key, what was wanted and what came
 */
export function parseManifest(text: string, name = "bunraku.json"): ModelManifest {
  let manifest: Record<string, unknown>;
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    throw new BunrakuError(
      "MODEL",
      `${name}: not JSON (${(cause as Error).message}). Is this the manifest of a model bundle?`,
      { cause },
    );
  }
  if (typeof manifest !== "object" || manifest === null || Array.isArray(manifest))
    throw new BunrakuError("MODEL", `${name}: expected an object.`);
  const fail = (key: string, wanted: string, value: unknown = manifest[key]): never => {
    throw new BunrakuError("MODEL", `${name}: "${key}" must be ${wanted}, got ${JSON.stringify(value) ?? "nothing"}.`);
  };
  const { formatVersion, family, modelParams, frameSize, alignCorners = true, framing, weights } = manifest;
  if (formatVersion !== 1) fail("formatVersion", "1 (this version of bunraku reads no other)");
  if (family !== "fomm" && family !== "monkey-net") fail("family", '"fomm" or "monkey-net"');
  if (typeof manifest.name !== "string") fail("name", "a string");
  if (typeof modelParams !== "object" || modelParams === null) fail("modelParams", "an object");
  if (
    !Array.isArray(frameSize) ||
    frameSize.length !== 2 ||
    !frameSize.every((side) => Number.isInteger(side) && side > 0 && side <= 8192)
  ) {
    fail("frameSize", "[height, width] in pixels");
  }
  if (typeof alignCorners !== "boolean") fail("alignCorners", "true or false");
  if (framing !== undefined && framing !== "face") fail("framing", '"face", or absent');
  const problem = transferProblem(manifest.transfer);
  if (problem) fail("transfer", problem);
  const expectFile = (key: string, value: unknown) => {
    const { file, sha256, bytes } = (value ?? {}) as Record<string, unknown>;
    // A file name, not a path: a manifest must not reach out of its folder.
    if (typeof file !== "string" || !/^[\w.-]+$/.test(file) || file.startsWith("."))
      fail(`${key}.file`, "the name of a file beside it", file);
    if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256))
      fail(`${key}.sha256`, "64 hexadecimal digits", sha256);
    if (!Number.isInteger(bytes)) fail(`${key}.bytes`, "a whole number", bytes);
  };
  expectFile("weights", weights);
  const { variants: others = {} } = manifest;
  if (typeof others !== "object" || others === null || Array.isArray(others)) fail("variants", "an object, or absent");
  for (const variant of variants)
    if (Object.hasOwn(others as object, variant))
      expectFile(`variants.${variant}`, (others as Record<string, unknown>)[variant]);
  return { ...manifest, alignCorners } as unknown as ModelManifest;
}
