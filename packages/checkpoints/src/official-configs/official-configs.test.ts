import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { type CheckpointConfig, type Json, type JsonObject, parseConfig } from "../config/parse-config.ts";
import { refusal } from "../testing/refusal.ts";
import { officialConfig, officialConfigs } from "./official-configs.ts";

/** Key, and its value as JSON in each configuration; nothing where the file does not have the key. */
function table(family: string): { names: string[]; rows: string[][] } {
  const text = readFileSync(new URL(`../../../../fixtures/official-configs/${family}.tsv`, import.meta.url), "utf8");
  const [head, ...rows] = text.replace(/\n$/, "").split("\n");
  return { names: head!.split("\t").slice(1), rows: rows.map((row) => row.split("\t")) };
}

/** The document of a configuration, from the table's rows. */
function documentOf(rows: readonly string[][], column: number): JsonObject {
  const document: Record<string, unknown> = { dataset_params: {} };
  for (const row of rows) {
    const value = row[column + 1];
    if (!value) continue;
    const path = row[0]!.split(".");
    let section = document;
    for (const key of path.slice(0, -1)) {
      section[key] ??= {};
      section = section[key] as Record<string, unknown>;
    }
    section[path.at(-1)!] = JSON.parse(value);
  }
  return document as JsonObject;
}

test.each(["fomm", "monkey-net"])("the configurations of %s are what parsing upstream's files gives", (family) => {
  const { names, rows } = table(family);
  expect(officialConfigs.filter((config) => config.family === family).map(({ name }) => name)).toEqual(names);
  names.forEach((name, column) => {
    const wanted: CheckpointConfig = parseConfig(stringify(documentOf(rows, column)), name);
    expect(officialConfig(name)).toEqual({ name, ...wanted });
  });
});

test("seven of the eight first-order configurations are one architecture", () => {
  const withoutDiscriminator = ({ modelParams }: CheckpointConfig) => {
    const { discriminator_params: _, ...rest } = modelParams;
    return JSON.stringify(rest satisfies Record<string, Json>);
  };
  const fomm = officialConfigs.filter((config) => config.family === "fomm");
  const [common, ...others] = [...new Set(fomm.map(withoutDiscriminator))];
  expect(fomm.filter((config) => withoutDiscriminator(config) === common)).toHaveLength(7);
  expect(others).toEqual([withoutDiscriminator(officialConfig("mgif-256"))]);
});

test("a configuration is found by its file's name, too", () => {
  expect(officialConfig("vox-adv-256.yaml")).toBe(officialConfig("vox-adv-256"));
});

test.each(["vox256", "", "__proto__", "constructor"])("%j is no official configuration", async (name) => {
  expect(await refusal(() => officialConfig(name))).toBe(
    "OPTION official configuration: wanted bair-256, fashion-256, mgif-256, nemo-256, taichi-256, taichi-adv-256, " +
      "vox-256, vox-adv-256 (FOMM) or actions, bair, moving-gif, nemo, shapes, taichi, vox-full, vox (Monkey-Net), " +
      `got ${JSON.stringify(name)}.`,
  );
});
