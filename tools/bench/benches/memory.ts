import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Bench } from "../bench.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const [short, long] = [500, 10_000];

/** What tools/memory prints for one run. */
interface Run {
  readonly frames: number;
  readonly peakMiB: number;
  readonly framesPerSecond: number;
}

export default {
  name: "memory",
  baseline: `peak memory of a process that animates ${short} frames`,
  note: `Peak memory of one that animates ${long}: the ratio is of peaks, near 1 where memory does not grow. Times are ms per frame, end to end.`,
  onRequest: true,
  async prepare() {
    let runs: readonly Run[] = [];
    const peaks = () => runs.map(({ frames, peakMiB }) => `${frames} frames: ${peakMiB} MiB`).join(", ");
    const sample = (run: Run) => ({ ms: 1000 / run.framesPerSecond, cost: run.peakMiB });
    // Both are measured in one go, by the tool that CI asks, the first time that one of them is asked for.
    const measured = (index: number) => async () => {
      if (runs.length === 0) runs = measure();
      return sample(runs[index]!);
    };
    return {
      baseline: measured(0),
      ours: measured(1),
      findings: () => `${peaks()}. One pair of runs, whatever --rounds says.`,
      [Symbol.asyncDispose]: async () => undefined,
    };
  },
} satisfies Bench;

function measure(): readonly Run[] {
  const args = [
    "--conditions=@bunraku/source",
    "--import",
    "tsx",
    "tools/memory/main.ts",
    "--frames",
    `${short},${long}`,
  ];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  if (lines.length !== 2) throw new Error(`tools/memory measured nothing: ${stderr || stdout}`);
  return lines.map((line) => JSON.parse(line));
}
