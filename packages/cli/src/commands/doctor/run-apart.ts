import { spawn } from "node:child_process";
import type { Io } from "../../terminal/io.ts";
import { type Findings, type ProbeName, probe } from "./probes.ts";

/** What came of a probe: findings, or why there are none. */
export type Outcome<Name extends ProbeName> = { readonly found: Findings[Name] } | { readonly problem: string };

/**
 * Looks at one thing in a process of its own: what ends that process, or never ends, is a finding.
 *
 * Where this program cannot be started again (`io.restart` is absent), it is looked at in this one.
 *
 * @param seconds After which the process is ended.
 * @throws `signal.reason`
 */
export async function runApart<Name extends ProbeName>(
  { restart, signal }: Io,
  name: Name,
  seconds: number,
): Promise<Outcome<Name>> {
  signal.throwIfAborted();
  // A check that hangs is found by the one who runs it, which tells more than the end of its process.
  const limit = 500 * seconds;
  if (!restart) return { found: (await probe(name, limit, signal)) as Findings[Name] };
  const args = [...restart, "doctor", "--probe", name, "--limit", String(seconds)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    // A backend that hangs keeps its process, which has nothing left to say.
    if (stdout.endsWith("\n") && findingsIn(stdout)) setTimeout(kill, 2000).unref();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-4000);
  });
  const kill = () => child.kill("SIGKILL");
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, 1000 * seconds);
  signal.addEventListener("abort", kill);
  try {
    const end = await new Promise<string>((resolve) => {
      child.once("error", ({ message }) => resolve(`it could not be started (${message})`));
      child.once("close", (code, by) =>
        resolve(by ? `its process ended with ${by}` : `its process ended with ${code}`),
      );
    });
    signal.throwIfAborted();
    const found = findingsIn(stdout);
    if (found) return { found: found as Findings[Name] };
    if (late) return { problem: `It did not answer within ${seconds} seconds. Give it longer: --limit.` };
    const said = stderr.trim().split("\n").at(-1)?.trim();
    return { problem: `It did not answer: ${end}${said ? `, saying: ${said}` : ""}` };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
    kill();
  }
}

/** The last line that is an object: what native libraries print before it is no matter. */
function findingsIn(stdout: string): unknown {
  const line = stdout.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
