import type { StateDict } from "@bunraku/checkpoints";
import { largerFramesNote } from "./advice.ts";
import type { Comparison } from "./comparison.ts";
import type { FittingConfigs } from "./configs-that-fit.ts";
import type { ModuleTensors } from "./module-tensors.ts";
import type { NonFiniteTensor } from "./non-finite.ts";

interface Findings {
  readonly bytes: number;
  readonly modules: ModuleTensors<StateDict[number]>;
  readonly configs: FittingConfigs;
  readonly comparison: Comparison | undefined;
  readonly nonFinite: readonly NonFiniteTensor[] | undefined;
}

/** Sentences about what is surprising in a checkpoint, or needs a choice. */
export function notesOn(findings: Findings): string[] {
  return [fit(findings), size(findings), kernels(findings), finite(findings), larger(findings)].flat();
}

function fit({ modules, configs, comparison }: Findings): string[] {
  const { family, fits, differences, inferred, assumed } = configs;
  if (!family) return ["Its tensors are those of neither a first-order model nor a Monkey-Net."];
  const lacking = ["generator", "kp_detector"].filter((module) => !modules.has(module));
  if (lacking.length > 0) return [`It has no ${lacking.join(" and no ")}; a model needs both.`];
  if (fits.length > 1) {
    return differences.length === 0
      ? [`${fits.join(", ")} are the same network: any of them will do.`]
      : [
          `${fits.join(", ")} have the same tensors, and differ in ${differences.join(", ")}: name the one it was trained with.`,
        ];
  }
  if (fits.length === 1) return [];
  if (inferred) {
    const values = assumed.map(({ key, value }) => `${key} ${JSON.stringify(value)}`).join(", ");
    return [`No official configuration has these tensors. Its parameters can be read off them, but for ${values}.`];
  }
  return comparison?.config.from === "closest"
    ? [`No configuration has exactly these tensors; ${comparison.config.name} comes closest.`]
    : [];
}

function size({ bytes, comparison }: Findings): string[] {
  const needed = comparison?.inferenceBytes;
  if (!needed || needed > bytes / 2) return [];
  return [`Inference needs ${megabytes(needed)} of its ${megabytes(bytes)}; the rest is for training.`];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

function kernels({ comparison }: Findings): string[] {
  return (comparison?.otherKernels ?? []).map(
    ({ module, name, wanted, got }) =>
      `${module}: ${name} has ${taps(got)} taps, and the configuration's scale_factor gives ${taps(wanted)}. ` +
      "The kernel is computed from the configuration; the one in the file is not used.",
  );
}

function taps(dims: readonly number[]): string {
  return dims.slice(-2).join(" × ");
}

function finite({ nonFinite = [] }: Findings): string[] {
  if (nonFinite.length === 0) return [];
  const names = nonFinite.slice(0, 3).map(({ module, name }) => `${module}.${name}`);
  const more = nonFinite.length > 3 ? ` and ${nonFinite.length - 3} more` : "";
  return [`${names.join(", ")}${more} hold numbers that are not finite: the training that wrote them broke down.`];
}

function larger({ comparison }: Findings): string[] {
  const { family, modelParams } = comparison?.config ?? {};
  const detector = modelParams?.kp_detector_params as { scale_factor?: unknown } | undefined;
  return family === "fomm" && detector?.scale_factor === 0.25 ? [largerFramesNote] : [];
}
