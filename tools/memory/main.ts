// pnpm memory: the peak memory of a long run against that of a short one. Fails when it grows with the length.
// pnpm memory --frames 500,10000 --jobs 2: lengths to compare, and how many pictures are rendered at once.
// Each run is a process of its own, so that its peak is its own: this file starts itself with a number of frames.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createVideoWriter, openVideo } from "@bunraku/media/node";
import { animateCommand, type Io } from "bunraku";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    frames: { type: "string", default: "200,2000" },
    jobs: { type: "string", default: "1" },
  },
});
const [short, long] = lengthsOf(values.frames);
const jobs = Number(values.jobs);
const limit = 1.1;

function lengthsOf(frames: string): [short: number, long: number] {
  const [short = Number.NaN, long = Number.NaN] = frames.split(",").map(Number);
  if (short >= 1 && long > short) return [short, long];
  throw new Error(`--frames: expected two lengths, the shorter first, for example 500,10000; got ${frames}.`);
}

/** The shipped clip, again and again, until there are `count` frames. */
async function makeClip(path: string, count: number): Promise<void> {
  await using clip = await openVideo("samples/driving/nod.mp4");
  await using writer = await createVideoWriter(path, {
    width: clip.info.width,
    height: clip.info.height,
    frameRate: 24,
  });
  let written = 0;
  while (written < count) {
    for await (const { width, height, data } of clip.frames()) {
      if (written === count) break;
      await writer.write({ width, height, data });
      written++;
    }
  }
  await writer.finish();
}

/** Animates a clip in this process and prints its peak. */
async function measure(clip: string, output: string): Promise<void> {
  const io: Io = {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    signal: new AbortController().signal,
  };
  const report = await animateCommand(io, "samples/portraits/head_07.png", {
    driving: clip,
    output,
    jobs,
    yes: true,
    quiet: true,
  });
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  console.log(
    JSON.stringify({ frames: report.frames, peakMiB: Math.round(peakMiB), framesPerSecond: report.framesPerSecond }),
  );
}

async function compare(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "bunraku-memory-"));
  try {
    const peaks: number[] = [];
    for (const count of [short, long]) {
      const clip = join(folder, `${count}.mp4`);
      await makeClip(clip, count);
      const args = [
        ...process.execArgv,
        fileURLToPath(import.meta.url),
        clip,
        join(folder, `${count}-out.mp4`),
        `--jobs=${jobs}`,
      ];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
      if (status !== 0) throw new Error(`the run over ${count} frames failed: ${stderr}`);
      process.stdout.write(stdout);
      const { frames, peakMiB } = JSON.parse(stdout) as { frames: number; peakMiB: number };
      if (frames !== count) throw new Error(`expected ${count} frames, got ${frames}.`);
      peaks.push(peakMiB);
    }
    const ratio = peaks[1]! / peaks[0]!;
    const how = jobs === 1 ? "" : `, in ${jobs} jobs`;
    console.log(`memory: ${long} frames take ${ratio.toFixed(3)} times the peak of ${short} (at most ${limit})${how}`);
    return ratio <= limit ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [clip, output] = positionals;
if (clip && output) await measure(clip, output);
else process.exitCode = await compare();
