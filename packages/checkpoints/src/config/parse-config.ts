import { BunrakuError } from "@bunraku/backends";
import { type CheckpointConfig, configOf } from "./config-of.ts";
import type { Json, JsonObject } from "./json.ts";
import { readYaml } from "./read-yaml.ts";

export type { CheckpointConfig, Json, JsonObject };

/**
 * Reads the yaml configuration of a FOMM or Monkey-Net checkpoint.
 *
 * @param name For messages: the file's name.
 * @throws `MODEL` naming the key, what was wanted and what came
 * @example parseConfig(await readFile("vox-256.yaml", "utf8"), "vox-256.yaml").family; // "fomm"
 */
export function parseConfig(text: string, name = "config"): CheckpointConfig {
  if (typeof text !== "string")
    throw new BunrakuError("OPTION", `${name}: wanted the text of a yaml file, got ${typeof text}.`);
  return configOf(readYaml(text, name), name);
}
