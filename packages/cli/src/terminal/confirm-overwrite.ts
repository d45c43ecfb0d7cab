import { lstat } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { BunrakuError } from "@bunraku/backends";
import type { Io, Verbosity } from "./io.ts";
import { Interruption } from "./report-error.ts";

/**
 * Whether an output that exists may be replaced: by `-y`, or by a yes at the terminal.
 *
 * @throws `OPTION` when it exists and nobody agreed; `Interruption`
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
  const asks = io.stdin.isTTY && io.stderr.isTTY && !json && !quiet;
  if (asks && (await ask(io, `${path} exists. Overwrite it? [y/N] `))) return true;
  throw new BunrakuError("OPTION", `${path} exists. Pass -y to overwrite it, or choose another name with -o.`);
}

async function ask(io: Io, question: string): Promise<boolean> {
  const terminal = createInterface({ input: io.stdin, output: io.stderr as NodeJS.WritableStream });
  // A terminal that is read key by key sends no SIGINT.
  const given = { up: new AbortController(), interrupted: false };
  terminal.on("SIGINT", () => {
    given.interrupted = true;
    given.up.abort();
  });
  terminal.on("close", () => given.up.abort()); // the end of input: Ctrl-D
  try {
    const answer = await terminal.question(question, { signal: AbortSignal.any([io.signal, given.up.signal]) });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (!given.up.signal.aborted) throw error;
    if (given.interrupted) throw new Interruption();
    return false;
  } finally {
    terminal.close();
  }
}
