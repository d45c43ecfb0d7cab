import { type Family, type JsonObject, officialConfigs, type StateDict } from "@bunraku/checkpoints";
import { architectureOf, type ModuleName } from "../models/architecture.ts";
import type { FittingConfigs } from "./configs-that-fit.ts";
import { derivedSpecs } from "./derived-specs.ts";
import { bytesOf } from "./module-summary.ts";
import type { ModuleTensors } from "./module-tensors.ts";
import { differenceCount, sameDims, type TensorDifferences, tensorDifferences } from "./tensor-differences.ts";

const needed: readonly ModuleName[] = ["generator", "kp_detector"];

/** The configuration that a checkpoint was compared with. */
export interface ComparedConfig {
  /** The one that was given, an official one that fits, the one read off the tensors, or the official one that fits best. */
  readonly from: "given" | "official" | "inferred" | "closest";
  /** Of an official one. */
  readonly name?: string;
  readonly family: Family;
  readonly modelParams: JsonObject;
}

/** A checkpoint held against a configuration. */
export interface Comparison {
  readonly config: ComparedConfig;
  readonly differences: Readonly<Record<ModuleName, TensorDifferences>>;
  /** Whether the model can be loaded: nothing is missing and nothing has other dims. More than is needed does no harm. */
  readonly loads: boolean;
  /** Bytes of the file that inference needs. */
  readonly inferenceBytes: number;
  /**
   * Kernels `down.weight` of another size than the configuration's scale_factor gives. They do no harm: the kernel is
   * computed from the configuration (spec 7.16).
   */
  readonly otherKernels: readonly {
    readonly module: ModuleName;
    readonly name: string;
    readonly wanted: readonly number[];
    readonly got: readonly number[];
  }[];
}

/** The configuration to compare with when none is given. */
export function configToCompare(
  { family, fits, inferred }: FittingConfigs,
  modules: ModuleTensors<StateDict[number]>,
): ComparedConfig | undefined {
  if (!family) return undefined;
  const official = officialConfigs.filter((config) => config.family === family);
  const fitting = official.find(({ name }) => name === fits[0]);
  if (fitting) return { from: "official", name: fitting.name, family, modelParams: fitting.modelParams };
  if (inferred) return { from: "inferred", family, modelParams: inferred };
  const distance = (modelParams: JsonObject) => {
    const { differences } = compare({ from: "closest", family, modelParams }, modules);
    return needed.reduce((sum, module) => sum + differenceCount(differences[module]), 0);
  };
  const distances = official.map(({ modelParams }) => distance(modelParams));
  const closest = official[distances.indexOf(Math.min(...distances))]!;
  return { from: "closest", name: closest.name, family, modelParams: closest.modelParams };
}

/** Holds a checkpoint against a configuration. @throws `MODEL`, `UNSUPPORTED` */
export function compare(config: ComparedConfig, modules: ModuleTensors<StateDict[number]>): Comparison {
  const { specs } = architectureOf(config.family, config.modelParams);
  const derived = derivedSpecs(config.family, config.modelParams);
  const tensors = (module: ModuleName) => modules.get(module) ?? [];
  const differences = {
    generator: tensorDifferences(specs.generator, tensors("generator")),
    kp_detector: tensorDifferences(specs.kp_detector, tensors("kp_detector")),
  };
  const used = needed.flatMap((module) => {
    const names = new Set(specs[module].map(({ name }) => name));
    return tensors(module).filter(({ name }) => names.has(name));
  });
  return {
    config,
    differences,
    loads: needed.every((module) => differences[module].missing.length + differences[module].otherDims.length === 0),
    inferenceBytes: bytesOf(used),
    otherKernels: needed.flatMap((module) =>
      derived[module].flatMap(({ name, dims }) => {
        const got = tensors(module).find((tensor) => tensor.name === name)?.dims;
        return got && !sameDims(got, dims) ? [{ module, name, wanted: dims, got }] : [];
      }),
    ),
  };
}
