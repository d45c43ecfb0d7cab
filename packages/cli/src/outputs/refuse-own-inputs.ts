import { realpath } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { BunrakuError } from "@bunraku/backends";

/**
 * Refuses an output without a proper name, or one that is or holds an input: `-y` is for old results, not for originals.
 *
 * @throws `OPTION`
 */
export async function refuseOwnInputs(output: string, inputs: readonly (string | undefined)[]): Promise<void> {
  if (output === "") throw new BunrakuError("OPTION", "-o must be the name of a file or folder, got nothing.");
  if (/^-[^\\/]*$/.test(output)) {
    const message = `-o must be the name of a file or folder, got the option ${output}. Write ./${output} if it is meant.`;
    throw new BunrakuError("OPTION", message);
  }
  const place = (path: string) => realpath(path).catch(() => resolve(path));
  const target = await place(output);
  for (const input of inputs) {
    if (input === undefined) continue;
    const original = await place(input);
    if (original !== target && !original.startsWith(target + sep)) continue;
    const what = original === target ? "is an input, too" : `holds the input ${input}`;
    throw new BunrakuError("OPTION", `${output} ${what}; writing would destroy it. Choose another name with -o.`);
  }
}
