import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { BunrakuError } from "@bunraku/backends";

/**
 * Refuses an output without a name, or one that is an input: `-y` is for old results, not for originals.
 *
 * @throws `OPTION`
 */
export async function refuseOwnInputs(output: string, inputs: readonly string[]): Promise<void> {
  if (output === "") throw new BunrakuError("OPTION", "-o must be the name of a file or folder, got nothing.");
  const place = (path: string) => realpath(path).catch(() => resolve(path));
  const target = await place(output);
  for (const input of inputs) {
    if ((await place(input)) !== target) continue;
    throw new BunrakuError(
      "OPTION",
      `${output} is an input, too; writing would destroy it. Choose another name with -o.`,
    );
  }
}
