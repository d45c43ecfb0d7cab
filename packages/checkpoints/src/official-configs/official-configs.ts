import { BunrakuError } from "@bunraku/backends";
import { type CheckpointConfig, configOf } from "../config/config-of.ts";
import type { JsonObject } from "../config/json.ts";
import { fommConfigs } from "./fomm-configs.ts";
import { monkeyNetConfigs } from "./monkey-net-configs.ts";

/** The file names of upstream's configurations, without `.yaml`. */
export type OfficialConfigName = keyof typeof fommConfigs | keyof typeof monkeyNetConfigs;

/** A configuration that upstream published weights for. */
export interface OfficialConfig extends CheckpointConfig {
  readonly name: OfficialConfigName;
}

/**
 * The sixteen configurations of the first-order-model and Monkey-Net repositories: what `parseConfig` gives for their
 * yaml files, without what only matters in training.
 *
 * Shared by all who read it.
 *
 * @see spec 3.1 and 3.2
 */
export const officialConfigs: readonly OfficialConfig[] = [
  ...Object.entries<JsonObject>(fommConfigs),
  ...Object.entries<JsonObject>(monkeyNetConfigs),
].map(([name, document]) => ({ name: name as OfficialConfigName, ...configOf(document, name) }));

/**
 * An official configuration by the name of its file, with or without `.yaml`.
 *
 * @throws `OPTION` with the names there are
 * @example officialConfig("vox-256").modelParams
 */
export function officialConfig(name: string): OfficialConfig {
  const found = officialConfigs.find((config) => config.name === name.replace(/\.ya?ml$/, ""));
  if (found) return found;
  const names = (family: string) =>
    officialConfigs.filter((config) => config.family === family).map((config) => config.name);
  throw new BunrakuError(
    "OPTION",
    `official configuration: wanted ${names("fomm").join(", ")} (FOMM) or ${names("monkey-net").join(", ")} (Monkey-Net), ` +
      `got ${JSON.stringify(name)}.`,
  );
}
