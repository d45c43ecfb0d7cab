import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { run } from "./program.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  const stop = () => {
    // The first asks politely: the frame in work ends and part files go.
    if (!interruption.signal.aborted) return interruption.abort(new Error("Interrupted."));
    // The second means now. Part files are removed by listeners of "exit"; process.exit() itself would stop the model's
    // thread in the middle of native code, which then aborts with a message of its own.
    process.emit("exit", 130);
    process.off(name, stop);
    process.kill(process.pid, name);
  };
  process.on(name, stop);
}
// A reader that has seen enough (`| head`) closes the pipe.
process.stdout.on("error", () => process.exit(1));
// Progress that nobody reads is no reason to fail.
process.stderr.on("error", () => undefined);

process.exitCode = await run(
  process.argv.slice(2),
  {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    signal: interruption.signal,
    restart: [...process.execArgv.filter((arg) => !arg.startsWith("--inspect")), fileURLToPath(import.meta.url)],
  },
  version,
);
