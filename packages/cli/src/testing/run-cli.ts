import { Readable } from "node:stream";
import { run } from "../program.ts";
import type { ExitCode } from "../terminal/report-error.ts";

/** Runs the command in this process, with streams that are read back. */
export async function runCli(
  args: readonly string[],
  signal = new AbortController().signal,
  restart?: readonly string[],
): Promise<{ code: ExitCode; stdout: string; stderr: string }> {
  let stdout = "";
  let stderr = "";
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text), isTTY: false },
    stdin: Readable.from([]),
    signal,
    ...(restart && { restart }),
  };
  const code = await run(args, io, "0.0.0-test");
  return { code, stdout, stderr };
}
