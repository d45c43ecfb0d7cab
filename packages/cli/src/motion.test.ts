import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tensor } from "@bunraku/backends";
import { createMotionClip, encodeMotionClip, readMotionClip } from "@bunraku/motion";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "./testing/run-cli.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const portrait = join(root, "samples/portraits/head_07.png");
const video = join(root, "samples/driving/nod.mp4");
let folder = "";
const at = (name: string) => join(folder, name);
const short = ["--duration", "0.25"]; // six frames

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bunraku-motion-"));
  const terms = ["--licence", "CC0-1.0", "--about", "a nod"];
  const { code } = await runCli(["record", video, "-o", at("nod.bkmotion"), ...short, ...terms, "-q"]);
  expect(code).toBe(0);
  const heads = join(root, "packages/model-heads/files");
  await cp(heads, at("absolute-heads"), { recursive: true });
  const manifest = JSON.parse(await readFile(join(heads, "bunraku.json"), "utf8"));
  const absolute = { ...manifest, transfer: { movement: "absolute" } };
  await writeFile(join(at("absolute-heads"), "bunraku.json"), JSON.stringify(absolute));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const animate = (output: string, ...more: string[]) => runCli(["animate", portrait, "-o", at(output), ...more]);

/** The bytes of every PNG of a folder, as text: comparing arrays of pixels would print them. */
async function pixelsOf(name: string): Promise<string[]> {
  const names = (await readdir(at(name))).filter((file) => file.endsWith(".png")).sort();
  return Promise.all(names.map(async (file) => (await readFile(join(at(name), file))).toString("base64")));
}

test("record writes a clip that says what it is", async () => {
  const { header, frames } = readMotionClip(await readFile(at("nod.bkmotion")));
  expect(frames).toHaveLength(6);
  expect(header).toMatchObject({
    formatVersion: 1,
    keypoints: 10,
    initial: 0,
    model: { family: "fomm", name: "heads-v0" },
    picture: { width: 256, height: 256 },
    licence: "CC0-1.0",
    about: "a nod",
  });
});

test("a picture moved by the recording is the picture moved by the video", async () => {
  expect((await animate("video.gif", "-d", video, ...short, "-q")).code).toBe(0);
  expect((await animate("clip.gif", "--motion", at("nod.bkmotion"), "-q")).code).toBe(0);
  expect((await readFile(at("clip.gif"))).equals(await readFile(at("video.gif")))).toBe(true);
});

test("record --json reports jitter, which smoothing lowers", async () => {
  const args = ["record", video, "-o", at("calm.bkmotion"), ...short, "--smooth", "--json"];
  const { code, stdout, stderr } = await runCli(args);
  expect([code, stderr]).toEqual([0, ""]);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ output: at("calm.bkmotion"), frames: 6, keypoints: 10, warnings: [] });
  expect(report.bytes).toBe((await readFile(at("calm.bkmotion"))).length);
  expect(report.jitter).toBeGreaterThan(0);
  expect(report.jitterAfter).toBeLessThan(report.jitter);
});

test("the best frame is reported, and movement starts there", async () => {
  const best = await animate("best.gif", "-d", video, ...short, "--best-frame", "--json");
  const { bestFrame } = JSON.parse(best.stdout);
  expect(bestFrame.index).toBeGreaterThanOrEqual(0);
  expect(bestFrame.distance).toBeGreaterThan(0);
  const third = JSON.parse((await animate("third.gif", "-d", video, ...short, "--best-frame", "3", "--json")).stdout);
  expect(third.bestFrame).toEqual({ index: 3 });
  await animate("warp/", "-d", video, ...short, "--best-frame", "3", "--render", "warp", "-q");
  await animate("still/", "-d", video, ...short, "--gain", "0", "--render", "warp", "-q");
  const [warped, still] = [await pixelsOf("warp"), await pixelsOf("still")];
  expect(warped[3] === still[3]).toBe(true); // the identity motion
  expect(warped[0] === still[0]).toBe(false);
});

test("the order of motion, its gain and its reach change the picture; freezing all keypoints stops it", async () => {
  const all = "0,1,2,3,4,5,6,7,8,9";
  const dials = [
    [],
    ["--order", "zeroth"],
    ["--order", "spline"],
    ["--order", "spline", "--stiffness", "1000"],
    ["--gain", "2"],
    ["--limit", "0.001"],
  ];
  const pictures = new Set<string>();
  for (const [i, dial] of [...dials, ["--freeze", all]].entries()) {
    const { code, stderr } = await animate(`${i}/`, "--motion", at("nod.bkmotion"), "--render", "warp", ...dial);
    expect([code, stderr]).toEqual([0, expect.stringContaining("6 frames")]);
    pictures.add((await pixelsOf(`${i}`))[5]!);
  }
  expect(pictures.size).toBe(dials.length + 1);
  const frozen = await pixelsOf(`${dials.length}`);
  expect(frozen[5] === frozen[0]).toBe(true);
});

test("a recording's initial frame is the source as it is, smoothed or not", async () => {
  const late = ["record", video, "-o", at("third.bkmotion"), ...short, "--initial", "3", "-q"];
  expect((await runCli(late)).code).toBe(0);
  await animate("at-rest/", "--motion", at("third.bkmotion"), "--gain", "0", "--render", "warp", "-q");
  const still = await pixelsOf("at-rest");
  for (const [i, smooth] of [[], ["--smooth"]].entries()) {
    await animate(`third-${i}/`, "--motion", at("third.bkmotion"), "--render", "warp", "-q", ...smooth);
    const pictures = await pixelsOf(`third-${i}`);
    expect(pictures.map((picture) => picture === still[0])).toEqual([false, false, false, true, false, false]);
  }
});

test("--best-frame chooses another start than a recording's own", async () => {
  const args = ["--motion", at("third.bkmotion"), "--render", "warp"];
  const { bestFrame } = JSON.parse((await animate("best-of-third/", ...args, "--best-frame", "--json")).stdout);
  expect(bestFrame.index).not.toBe(3);
  const [pictures, still] = [await pixelsOf("best-of-third"), await pixelsOf("at-rest")];
  expect(pictures.indexOf(still[0]!)).toBe(bestFrame.index);
});

test("live and offline smoothing give other pictures than none", async () => {
  const results = [];
  for (const smooth of [[], ["--smooth", "live"], ["--smooth"]]) {
    const report = await animate("s.gif", "-d", video, ...short, "--render", "warp", "-y", "--json", ...smooth);
    results.push({ jitter: JSON.parse(report.stdout).jitter, file: (await readFile(at("s.gif"))).toString("base64") });
  }
  expect(new Set(results.map(({ file }) => file)).size).toBe(3);
  expect(results.map(({ jitter }) => jitter !== undefined)).toEqual([false, false, true]);
  expect(results[2]!.jitter.after).toBeLessThan(results[2]!.jitter.before);
});

const bad: [string, string[], string, number][] = [
  ["neither video nor motion", [], "Give --driving or --motion: a video, or motion recorded from one; got neither.", 2],
  [
    "both",
    ["-d", video, "--motion", "nod.bkmotion"],
    "Give --driving or --motion: a video, or motion recorded from one; got both.",
    2,
  ],
  [
    "a part of a clip",
    ["--motion", "nod.bkmotion", "--start", "1"],
    "--start is for --driving; recorded motion is played as it is.",
    2,
  ],
  [
    "a clip that is not there",
    ["--motion", "none.bkmotion"],
    "none.bkmotion: cannot be read: there is no such file.",
    1,
  ],
  ["a clip that is none", ["--motion", portrait], "head_07.png: ", 1],
  ["a clip cut short", ["--motion", "cut.bkmotion"], "cut.bkmotion: ", 1],
  ["an order that is none", ["-d", video, "--order", "third"], "Allowed choices are zeroth, first, spline.", 2],
  ["a gain that is none", ["-d", video, "--gain", "much"], "Expected a number from -10 to 10.", 2],
  ["a keypoint that is none", ["-d", video, "--freeze", "a"], "Expected whole numbers separated by commas", 2],
  [
    "a keypoint the model has not",
    ["-d", video, "--freeze", "10"],
    "freeze: expected a list of keypoints from 0 to 9, got [10].",
    2,
  ],
  [
    "a frame the video has not",
    ["-d", video, ...short, "--best-frame", "99"],
    "--best-frame: expected a frame from 0 to 5, as there are 6, got 99.",
    2,
  ],
  [
    "a best frame of absolute movement",
    ["-d", video, "--absolute", "--best-frame"],
    "--absolute has no start. Leave one of them out.",
    2,
  ],
  [
    "a best frame, where the model's configuration asks for absolute movement",
    ["-d", video, ...short, "--best-frame", "-m", "absolute-heads"],
    "--best-frame is where relative movement starts from, and the configuration of heads-v0 asks for absolute movement. Add --relative.",
    2,
  ],
  [
    "covariances the model has not",
    ["-d", video, ...short, "--adapt-covariances"],
    "--adapt-covariances is for Monkey-Net; heads-v0 is a first-order model, whose keypoints have no covariances.",
    2,
  ],
  ["stiffness of no spline", ["-d", video, "--stiffness", "1"], "--stiffness belongs to --order spline.", 2],
  ["a clip without a name", ["--motion", ""], "option '--motion <file>' argument '' is invalid. Expected a name", 2],
  ["two movements", ["-d", video, "--absolute", "--relative"], "cannot be used with option", 2],
];

test.each(bad)("%s is one clear error, and nothing is left behind", async (_, args, message, exit) => {
  const clip = await readFile(at("nod.bkmotion"));
  await writeFile(at("cut.bkmotion"), clip.subarray(0, clip.length - 100));
  const before = await readdir(folder);
  const here = (arg: string) => (/\.bkmotion$|^absolute-heads$/.test(arg) ? at(arg) : arg);
  const { code, stderr } = await animate("bad.gif", ...args.map(here));
  expect(stderr).toContain(message);
  expect(code).toBe(exit);
  expect(await readdir(folder)).toEqual(before);
});

test("a model with other keypoints refuses a clip, by numbers and by the name of its own model", async () => {
  const keypoints = { points: tensor("float32", new Float32Array(8), [4, 2] as const) };
  const clip = createMotionClip({ model: { family: "monkey-net", name: "shapes" } }, [{ timestamp: 0, keypoints }]);
  await writeFile(at("four.bkmotion"), encodeMotionClip(clip));
  const { code, stderr } = await animate("x.gif", "--motion", at("four.bkmotion"));
  expect(code).toBe(1);
  expect(stderr).toContain(
    "four.bkmotion: this motion has 4 keypoints without jacobians, the model heads-v0 has 10 keypoints with jacobians. Use the model it was recorded with (shapes).",
  );
});

test("a clip of another model with the same keypoints plays, with a note", async () => {
  const { header, frames } = readMotionClip(await readFile(at("nod.bkmotion")));
  const other = createMotionClip({ ...header, model: { family: "fomm", name: "vox-256" } }, frames.slice(0, 2));
  await writeFile(at("vox.bkmotion"), encodeMotionClip(other));
  const { code, stderr } = await animate("vox.gif", "--motion", at("vox.bkmotion"), "--size", "64");
  expect(code).toBe(0);
  expect(stderr).toContain("was recorded with the model vox-256; the keypoints of heads-v0 may be at other places.");
});

test("a clip has its own ending, and is not written over an input", async () => {
  const named = await runCli(["record", video, "-o", at("clip.mp4")]);
  expect([named.code, named.stderr]).toEqual([2, expect.stringContaining("a motion clip's name ends in .bkmotion")]);
  const over = await runCli(["record", at("nod.bkmotion"), "-o", at("nod.bkmotion"), "-y"]);
  expect([over.code, over.stderr]).toEqual([2, expect.stringContaining("is an input, too")]);
  const exists = await runCli(["record", video, "-o", at("nod.bkmotion")]);
  expect([exists.code, exists.stderr]).toEqual([2, expect.stringContaining("Pass -y to overwrite it")]);
});

test("an initial frame past the end is refused, and leaves nothing", async () => {
  const before = await readdir(folder);
  const { code, stderr } = await runCli(["record", video, "-o", at("late.bkmotion"), ...short, "--initial", "50"]);
  expect(code).toBe(2);
  expect(stderr).toBe("error: --initial: expected a frame from 0 to 5, as there are 6, got 50.\n");
  expect(await readdir(folder)).toEqual(before);
});

test("interrupted, record leaves nothing", async () => {
  const before = await readdir(folder);
  const interruption = new AbortController();
  const running = runCli(["record", video, "-o", at("never.bkmotion")], interruption.signal);
  setTimeout(() => interruption.abort(new Error("Interrupted.")), 700);
  expect((await running).code).toBe(130);
  expect(await readdir(folder)).toEqual(before);
});
