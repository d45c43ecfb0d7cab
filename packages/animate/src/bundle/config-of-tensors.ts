import { BunrakuError } from "@bunraku/backends";
import { type CheckpointConfig, officialConfig } from "@bunraku/checkpoints";
import { configsThatFit } from "../inspection/configs-that-fit.ts";
import type { ModuleTensors } from "../inspection/module-tensors.ts";

/** The official configuration of a checkpoint that came without one. @throws `MODEL` when tensors leave a choice */
export function configOfTensors(modules: ModuleTensors, file: string): CheckpointConfig {
  const { family, fits, differences } = configsThatFit(modules);
  if (fits.length > 0 && differences.length === 0) return officialConfig(fits[0]!);
  const wayOut = "Give the yaml file it was trained with.";
  if (fits.length > 0) {
    const names = fits.join(", ");
    throw new BunrakuError(
      "MODEL",
      `${file}: its tensors fit ${names}, which differ in ${differences.join(", ")}; name the one it was trained with.`,
    );
  }
  const what = family ? "no official configuration has its tensors" : "neither a first-order model nor a Monkey-Net";
  throw new BunrakuError("MODEL", `${file}: ${what}. ${wayOut}`);
}
