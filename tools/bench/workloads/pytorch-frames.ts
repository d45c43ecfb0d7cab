import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Skipped } from "../bench.ts";

const tools = fileURLToPath(new URL("../../", import.meta.url));

/** A model in PyTorch, in a process of its own. */
export interface PytorchFrames extends Disposable {
  /** "PyTorch 2.1.0 with 2 threads" */
  readonly about: string;
  /** One frame: what it took there, and every 97th number of its picture. */
  frame(driving: number): Promise<{ readonly ms: number; readonly pixels: readonly number[] }>;
}

/**
 * Starts `bench/pytorch/frames.py` for a configuration.
 *
 * @throws `Skipped` where no Python has torch
 */
export async function pytorchFrames(config: unknown, size: readonly [number, number]): Promise<PytorchFrames> {
  // Distributions install torch for their own Python, which need not be the first one of the path.
  const pythons = [process.env.PYTHON, "python3", "/usr/bin/python3"].filter((name) => name !== undefined);
  const python = pythons.find((name) => spawnSync(name, ["-c", "import torch, numpy"]).status === 0);
  if (!python) {
    throw new Skipped(
      "there is no python3 with torch and numpy (Debian: apt-get install python3-torch). PYTHON names another.",
    );
  }
  const child = spawn(python, ["-m", "bench.pytorch.frames"], { cwd: tools, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the process of PyTorch ended.");
    return JSON.parse(value);
  };
  send(child, JSON.stringify({ config, size }));
  const { torch, threads } = await answer();
  return {
    about: `PyTorch ${torch} with ${threads} threads`,
    frame(driving) {
      send(child, String(driving));
      return answer();
    },
    [Symbol.dispose]: () => void child.kill(),
  };
}

function send({ stdin }: ChildProcess, line: string): void {
  stdin!.write(`${line}\n`);
}
