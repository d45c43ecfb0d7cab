import { spawn } from "node:child_process";

/** Runs Node on these arguments. @returns milliseconds from the start of its process to its end @throws what it said, when it failed */
export function runToEnd(args: readonly string[], signal: AbortSignal): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"], signal });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(performance.now() - begun);
      else reject(new Error(`node ${args.join(" ")} ended with ${code}: ${said}`));
    });
  });
}
