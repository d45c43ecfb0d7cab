import { readFileSync } from "node:fs";

/** The tensors of one module of an official state dict, as `name dims`, without what is derived or not read. */
export function officialTensors(fixture: string, module: string, prefix = ""): string[] {
  const table = readFileSync(new URL(`../../../../fixtures/state-dict/${fixture}.tsv`, import.meta.url), "utf8");
  return table
    .trim()
    .split("\n")
    .map((line) => line.split("\t") as [module: string, key: string, dims: string, dtype: string])
    .filter(([of, key]) => of === module && key.startsWith(prefix))
    .filter(([, key]) => !key.endsWith("num_batches_tracked") && !key.endsWith("down.weight"))
    .map(([, key, dims]) => `${key.slice(prefix.length)} ${dims}`)
    .sort();
}
