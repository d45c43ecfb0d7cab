import type { ByteSource, CheckpointConfig } from "@bunraku/checkpoints";
import { architectureOf } from "../models/architecture.ts";
import { alignCornersAdvice, type SamplingAdvice } from "./advice.ts";
import { type Comparison, compare, configToCompare } from "./comparison.ts";
import { configsThatFit, type FittingConfigs } from "./configs-that-fit.ts";
import { type FrameSizes, frameSizesOf } from "./frame-sizes.ts";
import { type ModuleSummary, summarizeModule } from "./module-summary.ts";
import { findNonFinite, type NonFiniteTensor } from "./non-finite.ts";
import { notesOn } from "./notes.ts";
import { readAny } from "./read-any.ts";

export interface InspectCheckpointOptions {
  /** What `parseConfig` gave, or an official configuration. @default the one that fits, or fits best */
  readonly config?: CheckpointConfig;
  /** Reads every weight and looks for NaN and infinity; the whole file is read then. @default false */
  readonly checkFinite?: boolean;
  readonly signal?: AbortSignal;
}

/** What a checkpoint holds and which model it is. Plain data: it can be written as JSON. */
export interface CheckpointInspection {
  /** "zip" since PyTorch 1.6, "legacy" before. */
  readonly container: "zip" | "legacy" | "safetensors";
  /** Bytes of the file. */
  readonly bytes: number;
  /** Names of all top-level values, in file order: networks, optimizers, counters. */
  readonly topLevel: readonly string[];
  /** What training noted: `epoch`, `it`; the metadata of safetensors. */
  readonly scalars: Readonly<Record<string, number | string | boolean>>;
  readonly modules: readonly ModuleSummary[];
  readonly configs: FittingConfigs;
  /** undefined when the checkpoint belongs to neither system and no configuration was given. */
  readonly comparison: Comparison | undefined;
  /** undefined when it was not asked for. */
  readonly nonFinite: readonly NonFiniteTensor[] | undefined;
  readonly alignCorners: SamplingAdvice | undefined;
  readonly frameSizes: FrameSizes | undefined;
  /** Sentences for people, about what is surprising or needs a choice. */
  readonly notes: readonly string[];
}

/**
 * Says what a checkpoint is, which configuration it fits and what it lacks, from the list of its tensors.
 *
 * A checkpoint that does not fit is no error; it is what is being looked for.
 *
 * @param source `.pth`, `.pth.tar` or safetensors, told by its content; borrowed
 * @throws `MODEL`, `UNSUPPORTED` or `FILE` when the file cannot be read or `config` is no configuration; `signal.reason`
 * @example
 * await using file = await openFile("vox-cpk.pth.tar");
 * const { configs, comparison } = await inspectCheckpoint(file);
 * configs.fits; // ["bair-256", "nemo-256", "vox-256"]
 */
export async function inspectCheckpoint(
  source: ByteSource,
  { config, checkFinite = false, signal }: InspectCheckpointOptions = {},
): Promise<CheckpointInspection> {
  signal?.throwIfAborted();
  const { modules, ...file } = await readAny(source, signal);
  const configs = configsThatFit(modules);
  const compared = config
    ? { from: "given" as const, family: config.family, modelParams: config.modelParams }
    : configToCompare(configs, modules);
  const comparison = compared && compare(compared, modules);
  const nonFinite = checkFinite ? await findNonFinite(modules, signal) : undefined;
  return {
    ...file,
    bytes: source.size,
    modules: [...modules].map(([name, entries]) => summarizeModule(name, entries)),
    configs,
    comparison,
    nonFinite,
    alignCorners: compared && alignCornersAdvice(compared.family),
    frameSizes: compared && frameSizesOf(architectureOf(compared.family, compared.modelParams).frames),
    notes: notesOn({ bytes: source.size, modules, configs, comparison, nonFinite }),
  };
}
