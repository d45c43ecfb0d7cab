import { basename, extname, resolve } from "node:path";
import { BunrakuError } from "@bunraku/backends";

/** Stands for a source's own name, without its ending, in the name of its result. */
const place = "{name}";

/**
 * Names of results, one per source: `{name}` in what was asked for becomes the source's own name.
 *
 * @throws `OPTION` when several sources would be written to one place
 */
export function outputNames(output: string, sources: readonly string[]): string[] {
  if (sources.length > 1 && !output.includes(place)) {
    const message = `-o must hold ${place} for ${sources.length} sources, which stands for the name of each, got ${output}. For example: -o "${place}.mp4".`;
    throw new BunrakuError("OPTION", message);
  }
  const names = sources.map((source) => output.replaceAll(place, () => basename(source, extname(source))));
  const taken = new Map<string, string>();
  for (const [i, name] of names.entries()) {
    // Many file systems take names for the same that differ in case.
    const key = resolve(name).toLowerCase();
    const other = taken.get(key);
    if (other !== undefined) {
      const message = `${other} and ${sources[i]} would both be written to ${name}. Rename one, or animate it on its own.`;
      throw new BunrakuError("OPTION", message);
    }
    taken.set(key, sources[i]!);
  }
  return names;
}
