import { printable } from "./printable.ts";

/** Where a command reads and writes: the process's own streams, or a test's. */
export interface Io {
  /** Results. */
  readonly stdout: { write(text: string): unknown };
  /** Everything else: progress, notices, errors. */
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly signal: AbortSignal;
  /**
   * How this program is started again, for what had better run in a process of its own: what stands after Node's name, and
   * before arguments. Absent where it cannot be.
   */
  readonly restart?: readonly string[];
}

/** What the user asked of the terminal. */
export interface Verbosity {
  /** One JSON object on stdout; nothing for people. */
  readonly json?: boolean;
  /** Errors only. */
  readonly quiet?: boolean;
}

/** Writes a line for people, unless they asked for silence or JSON. */
export function notice(io: Io, { json, quiet }: Verbosity, line: string): void {
  if (!json && !quiet) io.stderr.write(`${printable(line)}\n`);
}
