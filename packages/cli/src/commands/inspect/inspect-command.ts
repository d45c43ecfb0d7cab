import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  architectureOf,
  type CheckpointInspection,
  inspectCheckpoint,
  parameterCount,
  parseManifest,
} from "@bunraku/animate";
import { BunrakuError } from "@bunraku/backends";
import { type Family, parseConfig } from "@bunraku/checkpoints";
import { openFile } from "@bunraku/checkpoints/node";
import { probe } from "@bunraku/media/node";
import { motionClipExtension } from "@bunraku/motion";
import { expectFile } from "../../inputs/expect-file.ts";
import { openMotionFile } from "../../inputs/motion-file.ts";
import { readConfig } from "../../inputs/open-model.ts";
import { readText } from "../../inputs/read-text.ts";
import type { Io, Verbosity } from "../../terminal/io.ts";
import { printable } from "../../terminal/printable.ts";
import { checkpointLines } from "./checkpoint-lines.ts";
import type { PlanBackend, PlanInspection } from "./inspect-plan.ts";

/** What `bunraku inspect` found: a kind, and facts that depend on it. */
export type Inspection = { readonly file: string; readonly kind: string } & Readonly<Record<string, unknown>>;

export interface InspectCommandOptions extends Verbosity {
  /** A yaml file or an official name, for checkpoints. */
  readonly config?: string;
  /** Reads every weight of a checkpoint and looks for NaN and infinity. */
  readonly finite?: boolean;
  /** How convolutions are written on `backend`, of bundles and configurations. */
  readonly plan?: boolean;
  /** @default "ort-node" */
  readonly backend?: PlanBackend;
}

/** `bunraku inspect`: says what a file is, without running anything from it. */
export async function inspectCommand(
  { signal }: Pick<Io, "signal">,
  path: string,
  options: InspectCommandOptions = {},
): Promise<Inspection> {
  const isFolder = (await expectFile(path)).isDirectory();
  if (options.backend !== undefined && !options.plan)
    throw new BunrakuError("OPTION", "--backend: inspect runs on none; it chooses whose --plan is shown.");
  if (!isFolder && /\.(pth|pth\.tar|pt|tar|ckpt|bin|safetensors)$/i.test(path))
    return inspectWeights(expectNoPlan(path, options), options, signal);
  expectNoChoices(path, options);
  if (isFolder) {
    const manifest = join(path, "bunraku.json");
    const isBundle = await stat(manifest).then(
      () => true,
      () => false,
    );
    if (isBundle) return inspectManifest(manifest, options);
  }
  if (basename(path) === "bunraku.json") return inspectManifest(path, options);
  if (/\.ya?ml$/i.test(path)) return inspectConfig(path, options);
  expectNoPlan(path, options);
  if (path.toLowerCase().endsWith(motionClipExtension)) return inspectMotion(path, signal);
  return inspectMedia(path);
}

/** What was asked for and cannot be done is told. @throws `OPTION` */
function expectNoChoices(path: string, { config, finite }: InspectCommandOptions): void {
  const given = config !== undefined ? "--config" : finite ? "--finite" : undefined;
  if (given)
    throw new BunrakuError("OPTION", `${given} is for checkpoints (.pth.tar, .safetensors, …), and ${path} is none.`);
}

/** @throws `OPTION` where there is nothing to plan */
function expectNoPlan(path: string, { plan }: InspectCommandOptions): string {
  if (!plan) return path;
  const wanted = "a bundle or a configuration (.yaml); of a checkpoint, give its configuration";
  throw new BunrakuError("OPTION", `--plan: wanted ${wanted}; ${path} is none.`);
}

/** Fields that have a meaning and are what they must be: others may be anything, also deeper than a stack. */
async function inspectManifest(path: string, options: InspectCommandOptions): Promise<Inspection> {
  const manifest = parseManifest(await readText(path), path);
  const { formatVersion, name, family, modelParams, frameSize, alignCorners, transfer, framing, weights } = manifest;
  const { licences, trainedOn, description } = manifest;
  return {
    file: path,
    kind: "bundle",
    formatVersion,
    name,
    family,
    frameSize,
    alignCorners,
    ...(transfer && { transfer }),
    ...(framing && { framing }),
    ...texts({ trainedOn, description }),
    ...(licences && { licences: texts(licences) }),
    ...architecture(family, modelParams),
    weightsBytes: weights.bytes,
    ...(await planOf(family, modelParams, frameSize, options)),
  };
}

function texts(fields: object): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === "string"));
}

async function inspectConfig(path: string, options: InspectCommandOptions): Promise<Inspection> {
  const { family, modelParams, frameShape } = parseConfig(await readText(path), path);
  const facts = architecture(family, modelParams);
  const [height, width] = frameShape ?? [256, 256];
  const plan = await planOf(family, modelParams, [height, width], options);
  return { file: path, kind: "configuration", family, ...(frameShape && { frameShape }), ...facts, ...plan };
}

async function planOf(
  family: Family,
  modelParams: unknown,
  size: readonly [number, number],
  { plan, backend }: InspectCommandOptions,
): Promise<{ plan?: PlanInspection }> {
  if (!plan) return {};
  const { inspectPlan } = await import("./inspect-plan.ts");
  return { plan: inspectPlan(family, modelParams, size, backend) };
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

async function inspectWeights(path: string, { config, finite }: InspectCommandOptions, signal: AbortSignal) {
  const given = config === undefined ? undefined : await readConfig(config);
  await using file = await openFile(path);
  const options = { signal, ...(given && { config: given }), ...(finite && { checkFinite: true }) };
  const found = await inspectCheckpoint(file, options);
  return { file: path, kind: found.container === "safetensors" ? "safetensors" : "checkpoint", ...found };
}

/** A motion clip, frame by frame: its checksum is then known to be right. */
async function inspectMotion(path: string, signal: AbortSignal): Promise<Inspection> {
  const { header, frames, frameRate } = await openMotionFile(path, signal);
  // JSON has no infinity: frames that come all at once have no rate.
  const rate = Number.isFinite(frameRate) ? { frameRate: Math.round(frameRate * 1000) / 1000 } : {};
  return { file: path, kind: "motion clip", frames, ...rate, header };
}

async function inspectMedia(path: string): Promise<Inspection> {
  return { file: path, ...(await probe(path)) } as unknown as Inspection;
}

/** What was found as lines, for people. */
export async function inspectionLines({ plan, ...inspection }: Inspection): Promise<string> {
  const { file, kind } = inspection;
  if (kind === "checkpoint" || kind === "safetensors")
    return checkpointLines(file, inspection as unknown as CheckpointInspection);
  const lines = indentedLines(inspection);
  return plan ? lines + (await import("./inspect-plan.ts")).planLines(plan as PlanInspection) : lines;
}

function indentedLines(value: Readonly<Record<string, unknown>>, indent = ""): string {
  return Object.entries(value)
    .map(([key, entry]) => {
      if (typeof entry === "object" && entry !== null && !Array.isArray(entry)) {
        return `${indent}${printable(key)}:\n${indentedLines(entry as Record<string, unknown>, `${indent}  `)}`;
      }
      const shown = Array.isArray(entry) ? entry.map(inList).join(", ") : String(entry);
      return `${indent}${printable(`${key}: ${shown}`)}\n`;
    })
    .join("");
}

const inList = (entry: unknown) => (typeof entry === "object" ? JSON.stringify(entry) : String(entry));
