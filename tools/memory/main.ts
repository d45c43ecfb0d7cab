// pnpm memory: the peak memory of a long run against that of a short one. Fails when it grows with the length.
// Each run is a process of its own, so that its peak is its own: this file starts itself with a number of frames.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createVideoWriter, openVideo } from "@bunraku/media/node";
import { animateCommand, type Io } from "bunraku";

const [short, long] = [200, 2000];
const limit = 1.1;

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
      const args = [...process.execArgv, fileURLToPath(import.meta.url), clip, join(folder, `${count}-out.mp4`)];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
      if (status !== 0) throw new Error(`the run over ${count} frames failed: ${stderr}`);
      process.stdout.write(stdout);
      const { frames, peakMiB } = JSON.parse(stdout) as { frames: number; peakMiB: number };
      if (frames !== count) throw new Error(`expected ${count} frames, got ${frames}.`);
      peaks.push(peakMiB);
    }
    const ratio = peaks[1]! / peaks[0]!;
    console.log(`memory: ${long} frames take ${ratio.toFixed(3)} times the peak of ${short} (at most ${limit})`);
    return ratio <= limit ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [clip, output] = process.argv.slice(2);
if (clip && output) await measure(clip, output);
else process.exitCode = await compare();
