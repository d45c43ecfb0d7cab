import { BunrakuError } from "@bunraku/backends";
import {
  type Family,
  type Json,
  type JsonObject,
  type OfficialConfigName,
  officialConfigs,
} from "@bunraku/checkpoints";
import { architectureOf } from "../models/architecture.ts";
import { discriminatorFits } from "./discriminator-specs.ts";
import { familyOfTensors } from "./family-of.ts";
import { inferFommParams } from "./infer-fomm-params.ts";
import { inferMonkeyNetParams } from "./infer-monkey-net-params.ts";
import type { AssumedValue } from "./inferred-params.ts";
import { byModule, type ModuleTensors } from "./module-tensors.ts";
import { differenceCount, tensorDifferences } from "./tensor-differences.ts";

/** Which configurations a checkpoint can have. */
export interface FittingConfigs {
  /** undefined when it is neither a first-order model nor a Monkey-Net. */
  readonly family: Family | undefined;
  /**
   * Official configurations that have exactly these tensors. Seven of the eight of FOMM are one network: any of those will
   * do. The discriminator, where the checkpoint has one, leaves two or three of them.
   */
  readonly fits: readonly OfficialConfigName[];
  /** Keys of `model_params` in which those configurations differ, though their tensors do not; the choice matters then. */
  readonly differences: readonly string[];
  /** `model_params` that were read off the tensors, when no official configuration fits and they agree with every tensor. */
  readonly inferred: JsonObject | undefined;
  /** What was assumed for that, because tensors do not show it. */
  readonly assumed: readonly AssumedValue[];
}

/**
 * Finds the configurations that a checkpoint fits, from the names and dims of its tensors alone.
 *
 * @param modules `readCheckpoint(file).modules`, or `new Map([["", (await readSafetensors(file)).entries]])`
 */
export function configsThatFit(modules: ModuleTensors): FittingConfigs {
  const split = byModule(modules);
  const family = familyOfTensors(split);
  const fitting = family ? officialThatFit(family, split) : [];
  const inferred = family && fitting.length === 0 ? infer(family, split) : undefined;
  return {
    family,
    fits: fitting.map(({ name }) => name),
    differences: [
      ...new Set(fitting.flatMap(({ modelParams }) => changes(fitting[0]!.modelParams, modelParams))),
    ].sort(),
    inferred: inferred?.modelParams,
    assumed: inferred?.assumed ?? [],
  };
}

function officialThatFit(family: Family, modules: ModuleTensors) {
  const fitting = officialConfigs.filter(
    (config) => config.family === family && tensorsFit(family, config.modelParams, modules),
  );
  const discriminator = modules.get("discriminator");
  const alike = fitting.filter((config) => discriminator && discriminatorFits(config, discriminator));
  return alike.length > 0 ? alike : fitting; // a discriminator of one's own says nothing
}

function infer(family: Family, modules: ModuleTensors) {
  const guess = family === "fomm" ? inferFommParams(modules) : inferMonkeyNetParams(modules);
  return guess && tensorsFit(family, guess.modelParams, modules) ? guess : undefined;
}

function tensorsFit(family: Family, modelParams: JsonObject, modules: ModuleTensors): boolean {
  try {
    const specs = architectureOf(family, modelParams).specs;
    return (["generator", "kp_detector"] as const).every(
      (module) => differenceCount(tensorDifferences(specs[module], modules.get(module) ?? [])) === 0,
    );
  } catch (error) {
    // Numbers off a file need not make a configuration.
    if (BunrakuError.is(error)) return false;
    throw error;
  }
}

/** The paths at which two configurations differ, without the discriminator, which does not run. */
function changes(a: Json | undefined, b: Json | undefined, path = ""): string[] {
  if (path === "discriminator_params") return [];
  if (!isSection(a) || !isSection(b)) return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => changes(a[key], b[key], path ? `${path}.${key}` : key));
}

function isSection(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
