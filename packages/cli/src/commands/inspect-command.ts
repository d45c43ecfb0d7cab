import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { architectureOf, parseManifest } from "@bunraku/animate";
import { sizeOf } from "@bunraku/backends";
import { type Family, parseConfig, readCheckpoint, readSafetensors, type StateDict } from "@bunraku/checkpoints";
import { openFile } from "@bunraku/checkpoints/node";
import { probe } from "@bunraku/media/node";
import type { Io, Verbosity } from "../terminal/io.ts";
import { readText, unreadable } from "./open-model.ts";

/** What `bunraku inspect` found: a kind, and facts that depend on it. */
export type Inspection = { readonly file: string; readonly kind: string } & Readonly<Record<string, unknown>>;

/** `bunraku inspect`: says what a file is, without running anything from it. */
export async function inspectCommand(_io: Io, path: string, _options: Verbosity): Promise<Inspection> {
  const found = await stat(path).catch((cause) => {
    throw unreadable(path, cause);
  });
  if (found.isDirectory()) {
    const manifest = join(path, "bunraku.json");
    const isBundle = await stat(manifest).then(
      () => true,
      () => false,
    );
    return isBundle ? inspectManifest(manifest) : inspectMedia(path);
  }
  if (basename(path) === "bunraku.json") return inspectManifest(path);
  if (/\.ya?ml$/i.test(path)) return inspectConfig(path);
  if (/\.safetensors$/i.test(path)) return inspectSafetensors(path);
  if (/\.(pth|pth\.tar|pt|tar|ckpt|bin)$/i.test(path)) return inspectCheckpoint(path);
  return inspectMedia(path);
}

async function inspectManifest(path: string): Promise<Inspection> {
  const { modelParams, weights, ...about } = parseManifest(await readText(path), path);
  const facts = architecture(about.family, modelParams);
  return { file: path, kind: "bundle", ...about, ...facts, weightsBytes: weights.bytes };
}

async function inspectConfig(path: string): Promise<Inspection> {
  const { family, modelParams, frameShape } = parseConfig(await readText(path), path);
  const facts = architecture(family, modelParams);
  return { file: path, kind: "configuration", family, ...(frameShape && { frameShape }), ...facts };
}

/** Numbers that follow from a configuration. */
function architecture(family: Family, modelParams: unknown): Record<string, unknown> {
  const { numKeypoints, hasJacobians, specs, frames } = architectureOf(family, modelParams);
  return {
    keypoints: numKeypoints,
    order: hasJacobians ? "first" : "zeroth",
    parameters: { generator: parameterCount(specs.generator), kp_detector: parameterCount(specs.kp_detector) },
    frameSizes: `multiples of ${frames.step}, from ${frames.least}`,
  };
}

async function inspectCheckpoint(path: string): Promise<Inspection> {
  await using file = await openFile(path);
  const { container, scalars, topLevel, modules } = await readCheckpoint(file);
  return {
    file: path,
    kind: "checkpoint",
    container,
    bytes: file.size,
    topLevel,
    ...Object.fromEntries(scalars),
    modules: Object.fromEntries([...modules].map(([name, entries]) => [name || "(unnamed)", summary(entries)])),
  };
}

async function inspectSafetensors(path: string): Promise<Inspection> {
  await using file = await openFile(path);
  const { entries, metadata } = await readSafetensors(file);
  return {
    file: path,
    kind: "safetensors",
    bytes: file.size,
    ...summary(entries),
    metadata: Object.fromEntries(metadata),
  };
}

function summary(entries: StateDict): Record<string, unknown> {
  const types = new Set(entries.map((entry) => entry.dtype));
  return { tensors: entries.length, parameters: parameterCount(entries), types: [...types] };
}

/** What training changes: running statistics, counters and fixed kernels are no parameters. */
function parameterCount(tensors: readonly { readonly name: string; readonly dims: readonly number[] }[]): number {
  return tensors
    .filter(({ name }) => !/(running_mean|running_var|num_batches_tracked|down\.weight)$/.test(name))
    .reduce((sum, { dims }) => sum + sizeOf(dims), 0);
}

async function inspectMedia(path: string): Promise<Inspection> {
  return { file: path, ...(await probe(path)) } as unknown as Inspection;
}

/** The facts as indented lines, for people. */
export function inspectionLines(value: Readonly<Record<string, unknown>>, indent = ""): string {
  return Object.entries(value)
    .map(([key, entry]) => {
      if (typeof entry === "object" && entry !== null && !Array.isArray(entry)) {
        return `${indent}${key}:\n${inspectionLines(entry as Record<string, unknown>, `${indent}  `)}`;
      }
      return `${indent}${key}: ${Array.isArray(entry) ? entry.join(", ") : String(entry)}\n`;
    })
    .join("");
}
