import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Bench, Skipped } from "../bench.ts";
import { drivingClip, sourcePath, temporaryFolder } from "../workloads/animate-clip.ts";
import { Owned } from "../workloads/owned.ts";
import { runToEnd } from "../workloads/run-to-end.ts";

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const command = at("packages/cli/dist/main.js");

export default {
  name: "default/ort-node/cold-start",
  baseline:
    "the same built packages used one after another, without the command: pictures, video, runtime, model, frame",
  note: "`bunraku animate` as built, from the start of its process to its end, with one frame written: an upper bound of the time to the first frame.",
  async prepare() {
    if (!existsSync(command)) throw new Skipped("the command is not built: pnpm build comes first.");
    await using owned = new Owned();
    const folder = owned.use(await temporaryFolder());
    const inputs = [sourcePath, drivingClip, folder.file("frame.mp4")] as const;
    const [source, driving, output] = inputs;
    const options = ["--driving", driving, "-o", output, "--duration", "0.04", "--yes", "--quiet"];
    let [best, bare] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    const kept = owned.move();
    return {
      baseline: async (signal) => {
        bare = Math.min(bare, await runToEnd(["-e", "0"], signal));
        return { ms: await runToEnd([at("tools/bench/workloads/one-after-another.mjs"), ...inputs], signal) };
      },
      ours: async (signal) => {
        const ms = await runToEnd([command, "animate", source, ...options], signal);
        best = Math.min(best, ms);
        return { ms };
      },
      findings: () => `At best ${best.toFixed(0)} ms; Node alone starts and ends in ${bare.toFixed(0)} ms.`,
      [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
    };
  },
} satisfies Bench;
