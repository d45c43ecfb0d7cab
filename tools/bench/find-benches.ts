import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Bench } from "./bench.ts";

/** Every bench of a folder: what its files export by default, in the order of their names. */
export async function findBenches(folder: string): Promise<readonly Bench[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".ts")).sort();
  const benches: Bench[] = [];
  for (const file of files) {
    const { default: bench } = (await import(pathToFileURL(join(resolve(folder), file)).href)) as { default: Bench };
    benches.push(bench);
  }
  return benches;
}

/**
 * The benches whose name contains one of the filters, or all without filters. One that runs on request only is taken when
 * it is named in full.
 *
 * @param options of requests that were given
 * @throws with the names there are, when a filter matches none
 */
export function chooseBenches(
  benches: readonly Bench[],
  filters: readonly string[],
  options: readonly string[],
): readonly Bench[] {
  const asked = (bench: Bench) =>
    bench.onRequest === undefined || options.includes(String(bench.onRequest)) || filters.includes(bench.name);
  const strange = filters.find((filter) => !benches.some(({ name }) => name.includes(filter)));
  if (strange !== undefined) {
    const names = benches.map(({ name }) => `  ${name}`).join("\n");
    throw new Error(`bench: no name contains ${JSON.stringify(strange)}; there are:\n${names}`);
  }
  const found = benches.filter(({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)));
  const chosen = found.filter(asked);
  if (chosen.length > 0) return chosen;
  throw new Error(
    `bench: these run on request only, by their whole name: ${found.map(({ name }) => name).join(", ")}.`,
  );
}
