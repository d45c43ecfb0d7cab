import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { BunrakuError } from "@bunraku/backends";

/** Path of the `ffmpeg` to use: `FFMPEG_PATH`, else the first one on `PATH`; `undefined` when there is none. */
export async function findFfmpeg(): Promise<string | undefined> {
  const named = process.env.FFMPEG_PATH;
  if (named) {
    if (await isExecutable(named)) return named;
    throw new BunrakuError("BACKEND_UNAVAILABLE", `FFMPEG_PATH names ${named}, which is not an executable file.`);
  }
  const program = process.platform === "win32" ? "ffmpeg.exe" : "ffmpeg";
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    if (folder !== "" && (await isExecutable(join(folder, program)))) return join(folder, program);
  }
  return undefined;
}

/** A running ffmpeg: the process, the end of what it said, and how it ended. */
export interface Ffmpeg {
  readonly child: ChildProcess;
  /** Settles when the process has gone; never rejects. */
  readonly exit: Promise<{ code: number | null }>;
  /** The last lines of stderr. */
  complaint(): string;
  /** Ends the process at once and waits until it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts ffmpeg with an argument list, never through a shell: a file name cannot become a command.
 *
 * @param onLine Called with each line of stderr.
 */
export function startFfmpeg(program: string, args: readonly string[], onLine?: (line: string) => void): Ffmpeg {
  const child = spawn(program, ["-hide_banner", "-nostdin", ...args], { stdio: ["pipe", "pipe", "pipe"] });
  const last: string[] = [];
  let rest = "";
  const take = (line: string) => {
    onLine?.(line);
    // Neither tells what went wrong.
    if (line.includes("showinfo") || line.startsWith("Conversion failed")) return;
    if (last.push(line) > 5) last.shift();
  };
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
  let failure: Error | undefined;
  // A closed pipe is seen through the exit code; without a listener it would end our process.
  child.stdin.on("error", () => {});
  const exit = new Promise<{ code: number | null }>((resolve) => {
    child.once("error", (error) => {
      failure = error;
      resolve({ code: null });
    });
    child.once("close", (code) => {
      if (rest !== "") take(rest);
      resolve({ code });
    });
  });
  return {
    child,
    exit,
    complaint: () =>
      failure?.message ??
      last
        .filter((line) => line.trim() !== "")
        .at(-1)
        ?.trim() ??
      "no reason given",
    async kill() {
      if (child.exitCode === null) child.kill("SIGKILL");
      child.stdout?.destroy();
      await exit;
    },
  };
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
