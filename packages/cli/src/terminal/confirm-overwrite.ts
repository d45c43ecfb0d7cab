import { lstat } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { BunrakuError } from "@bunraku/backends";
import type { Io, Verbosity } from "./io.ts";

/**
 * Whether an output that exists may be replaced: by `-y`, or by a yes at the terminal.
 *
 * @throws `OPTION` when it exists and nobody agreed
 */
export async function mayOverwrite(
  io: Io,
  { yes, json, quiet }: Verbosity & { yes?: boolean },
  path: string,
): Promise<boolean> {
  if (yes) return true;
  const exists = await lstat(path).then(
    () => true,
    () => false,
  );
  if (!exists) return false;
  if (io.stdin.isTTY && io.stderr.isTTY && !json && !quiet) {
    const terminal = createInterface({ input: io.stdin, output: io.stderr as NodeJS.WritableStream });
    try {
      const answer = await terminal.question(`${path} exists. Overwrite it? [y/N] `, { signal: io.signal });
      if (/^y(es)?$/i.test(answer.trim())) return true;
    } finally {
      terminal.close();
    }
  }
  throw new BunrakuError("OPTION", `${path} exists. Pass -y to overwrite it, or choose another name with -o.`);
}
