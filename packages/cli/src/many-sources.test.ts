import { spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openVideo } from "@bunraku/media/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "./testing/run-cli.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const anna = join(root, "samples/portraits/head_07.png");
const otto = join(root, "samples/portraits/head_01.png");
const clip = join(root, "samples/driving/nod.mp4");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bunraku-many-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const animate = (sources: readonly string[], output: string, ...more: string[]) =>
  runCli(["animate", ...sources, "-d", clip, "-o", output, "--duration", "0.25", "--source-crop", "centre", ...more]);

test("several pictures become several videos, each as it is made alone", async () => {
  const { code, stdout, stderr } = await animate([anna, otto], at("{name}.gif"), "--json", "--best-frame");
  expect([code, stderr]).toEqual([0, ""]);
  const { results } = JSON.parse(stdout);
  expect(results.map(({ output, frames }: { output: string; frames: number }) => [output, frames])).toEqual([
    [at("head_07.gif"), 6],
    [at("head_01.gif"), 6],
  ]);
  for (const [i, source] of [anna, otto].entries()) {
    const alone = await animate([source], at("alone.gif"), "--json", "-y", "--best-frame");
    expect(await readFile(at("alone.gif"))).toEqual(await readFile(results[i].output));
    expect(JSON.parse(alone.stdout).bestFrame).toEqual(results[i].bestFrame);
  }
});

test("for people, there is a line for each result", async () => {
  const { stderr } = await animate([anna, otto], at("lines-{name}.gif"), "--size", "64");
  expect(stderr).toMatch(/^.*lines-head_07\.gif: 6 frames.*\n.*lines-head_01\.gif: 6 frames.*\n$/);
});

test("jobs make the same video, frame for frame", async () => {
  const lone = await animate([anna], at("lone.gif"), "--jobs", "1");
  const jobs = await animate([anna], at("jobs.gif"), "--jobs", "3", "--threads", "3");
  expect([lone.code, jobs.code]).toEqual([0, 0]);
  expect(await readFile(at("jobs.gif"))).toEqual(await readFile(at("lone.gif")));
});

test("jobs end with what goes wrong, and leave nothing behind", async () => {
  await mkdir(at("broken"));
  const whole = await readFile(clip);
  await copyFile(clip, at("cut.mp4"));
  const { truncate } = await import("node:fs/promises");
  await truncate(at("cut.mp4"), Math.floor(whole.length * 0.6));
  const { code, stderr } = await runCli([
    "animate",
    anna,
    otto,
    "-d",
    at("cut.mp4"),
    "-o",
    at("broken/{name}.mp4"),
    "--jobs",
    "2",
  ]);
  expect(code).not.toBe(0);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(await readdir(at("broken"))).toEqual([]);
});

test("an interrupt ends several jobs at once", async () => {
  await mkdir(at("stopped"));
  const stop = new AbortController();
  const running = runCli(
    ["animate", anna, otto, "-d", clip, "-o", at("stopped/{name}.mp4"), "--jobs", "2"],
    stop.signal,
  );
  setTimeout(() => stop.abort(new Error("enough")), 400);
  expect((await running).code).not.toBe(0);
  expect(await readdir(at("stopped"))).toEqual([]);
});

test.each([
  [[anna, otto], "out.mp4", "-o must hold {name} for 2 sources"],
  [[anna, join(root, "samples/portraits/../portraits/head_07.png")], "{name}.mp4", "would both be written to"],
  [[anna, ""], "{name}.mp4", "Expected a name, got nothing."],
] as const)("what cannot be is one sentence: %j to %s", async (sources, output, message) => {
  const { code, stderr } = await animate(sources, at(output));
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test.each([
  ["--jobs", "0"],
  ["--jobs", "many"],
  ["--jobs", "2", "--backend", "reference"],
])("%s %s %s %s is refused", async (...options) => {
  const { code, stderr } = await animate([anna], at("refused.mp4"), ...options.filter(Boolean));
  expect(code).toBe(2);
  expect(stderr).toMatch(/jobs/);
});

const ffmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
test.skipIf(!ffmpeg)("sound goes to each result", async () => {
  const tone = [
    "-f",
    "lavfi",
    "-i",
    "sine=duration=0.3",
    "-c:v",
    "copy",
    "-c:a",
    "aac",
    "-shortest",
    at("sounding.mp4"),
  ];
  expect(spawnSync("ffmpeg", ["-i", clip, ...tone]).status).toBe(0);
  const { code, stdout } = await runCli(
    // biome-ignore format: options and their values stay together
    ["animate", anna, otto, "-d", at("sounding.mp4"), "-o", at("sound-{name}.mp4"), "--source-crop", "centre", "--driving-crop", "centre", "--json"],
  );
  expect(code).toBe(0);
  for (const { output, audio } of JSON.parse(stdout).results) {
    expect(audio).toBe("copied");
    await using video = await openVideo(output);
    expect(video.info.hasAudio).toBe(true);
  }
});
