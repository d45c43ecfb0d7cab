import { BunrakuError } from "@bunraku/backends";
import type { Io, Verbosity } from "./io.ts";
import { printable } from "./printable.ts";

/** Exit codes: 0 done, 1 failed, 2 called wrongly, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130;

/** Ctrl-C where it comes as a key and not as a signal. */
export class Interruption extends Error {}

/** A failure that the command has told of itself. */
export class AlreadyTold extends Error {}

/** Says what went wrong, once: a sentence on stderr, or an object on stdout with `--json`. */
export function reportError(io: Io, { json }: Verbosity, thrown: unknown): ExitCode {
  if (io.signal.aborted || thrown instanceof Interruption) {
    if (!json) io.stderr.write("Interrupted; nothing half-written was left.\n");
    else io.stdout.write(`${JSON.stringify({ error: { code: "INTERRUPTED", message: "Interrupted." } })}\n`);
    return 130;
  }
  if (thrown instanceof AlreadyTold) return 1;
  const error = firstCause(thrown);
  const known = BunrakuError.is(error);
  const message = error instanceof Error ? error.message : String(error);
  if (json) io.stdout.write(`${JSON.stringify({ error: { code: known ? error.code : "INTERNAL", message } })}\n`);
  else if (known) io.stderr.write(`error: ${printable(message)}\n`);
  else
    io.stderr.write(
      `internal error, please report it: ${error instanceof Error ? (error.stack ?? message) : message}\n`,
    );
  return known && error.code === "OPTION" ? 2 : 1;
}

/** When closing failed after an error, the error that came first is what the user needs to know. */
function firstCause(error: unknown): unknown {
  let first = error;
  while (first instanceof Error && "suppressed" in first) first = first.suppressed;
  return first;
}
