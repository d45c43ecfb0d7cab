// npm run demo [-- --source a.png --driving b.mp4 --out c.mp4]: animates a shipped portrait with a shipped clip, or the
// user's own files, and puts source, driving and result side by side in a GIF.
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { animateCommand, type Io, reportError } from "bunraku";
import { compareGif } from "./compare-gif.ts";

const ownResult = "out/demo.mp4";
const usage = "usage: npm run demo -- [--source PICTURE] [--driving VIDEO] [--out FILE.mp4] [-y]";

async function main(io: Io): Promise<number> {
  let options: { source: string; driving: string; out: string; yes: boolean };
  try {
    const { values } = parseArgs({
      options: {
        source: { type: "string", default: "samples/portraits/head_07.png" },
        driving: { type: "string", default: "samples/driving/nod.mp4" },
        out: { type: "string", default: ownResult },
        yes: { type: "boolean", short: "y", default: false },
      },
    });
    options = values;
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    return 2;
  }
  const { source, driving, out } = options;
  const yes = options.yes || out === ownResult; // its own earlier result may be replaced, a user's file may not
  await mkdir(dirname(out), { recursive: true });
  console.error(`Animating ${source} with ${driving} …`);

  const report = await animateCommand(io, source, { driving, output: out, yes });
  const compare = `${out.replace(/\.[^./]+$/, "")}-compare.gif`;
  await compareGif(compare, { source, driving, result: out, report, signal: io.signal, overwrite: yes });
  console.log(
    `${out}: ${report.frames} frames of ${report.width} × ${report.height}, ${report.framesPerSecond} frames per second`,
  );
  console.log(`${compare}: source | driving | result`);
  return 0;
}

const interruption = new AbortController();
process.on("SIGINT", () =>
  interruption.signal.aborted ? process.exit(130) : interruption.abort(new Error("Interrupted.")),
);
const io: Io = { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, signal: interruption.signal };
try {
  process.exitCode = await main(io);
} catch (error) {
  process.exitCode = reportError(io, {}, error);
}
