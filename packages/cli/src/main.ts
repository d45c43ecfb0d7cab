import { readFileSync } from "node:fs";
import { run } from "./program.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(name, () => {
    // The first asks politely: the frame in work ends and part files go. The second means now.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort(new Error("Interrupted."));
  });
}
// A reader that has seen enough (`| head`) closes the pipe.
process.stdout.on("error", () => process.exit(1));
// Progress that nobody reads is no reason to fail.
process.stderr.on("error", () => undefined);

process.exitCode = await run(
  process.argv.slice(2),
  { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, signal: interruption.signal },
  version,
);
