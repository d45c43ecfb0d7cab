import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { tensor } from "@bunraku/backends";
import { createMotionClip, encodeMotionClip, type MotionClipFields, type MotionFrame } from "@bunraku/motion";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "./testing/run-cli.ts";

// Files from anywhere, motion clips above all, through the command: one clear error or a result, never a stack trace,
// never all memory.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const video = join(root, "samples/driving/nod.mp4");
const portrait = join(root, "samples/portraits/head_07.png");
let folder = "";
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bunraku-hostile-"));
  execFileSync("mkfifo", ["pipe", "pipe.yaml", "pipe.pth.tar"].map(at));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Keypoints as the heads model has them, at rest. */
const atRest = {
  points: tensor(
    "float32",
    Float32Array.from({ length: 20 }, (_, i) => Math.sin(i) / 2),
    [10, 2] as const,
  ),
  jacobians: tensor(
    "float32",
    Float32Array.from({ length: 40 }, (_, i) => (i % 4 === 0 || i % 4 === 3 ? 1 : 0)),
    [10, 2, 2] as const,
  ),
};
const frames = (...times: number[]): MotionFrame[] => times.map((timestamp) => ({ timestamp, keypoints: atRest }));
const write = (name: string, fields: MotionClipFields, ...times: number[]) =>
  writeFile(at(name), encodeMotionClip(createMotionClip(fields, frames(...times))));
const animate = (clip: string, output: string, ...more: string[]) =>
  runCli(["animate", portrait, "--motion", at(clip), "-o", at(output), "--size", "32", ...more]);

describe("times", () => {
  test.each<[string, MotionClipFields, number[], string]>([
    ["a frame that lasts for ever", { frameRate: 1e-300 }, [0], "1e-300 frames per second"],
    ["more frames per second than can be written", { frameRate: 1e300 }, [0, 1], "1e+300 frames per second"],
    ["frames that come all at once", {}, [0, 5e-324, 1e-323], "Infinity frames per second"],
    ["a pause of a billion seconds", {}, [0, 1e9], "a pause of 1000000000 seconds"],
    ["all time there is", { frameRate: 25 }, [-1.7e308, 1.7e308], "a pause of Infinity seconds"],
  ])("%s: inspect says so, animate refuses", async (_, fields, times, problem) => {
    await write("times.bkmotion", fields, ...times);
    const inspected = await runCli(["inspect", at("times.bkmotion"), "--json"]);
    expect(JSON.parse(inspected.stdout)).toMatchObject({ kind: "motion clip", frames: times.length });
    expect(inspected.stdout).not.toContain("null");
    for (const more of [[], ["--best-frame", "--smooth"]]) {
      const { code, stderr } = await animate("times.bkmotion", "times.gif", ...more);
      expect(stderr).toBe(
        `error: ${at("times.bkmotion")}: this motion has ${problem}, which cannot be played: 1000 frames per second to one per hour can.\n`,
      );
      expect(code).toBe(1);
    }
    expect(await readdir(folder)).not.toContain("times.gif");
  });

  test("a clip that begins before time and pauses for a while is played", async () => {
    await write("pause.bkmotion", { frameRate: 25 }, -1000, -999.96, -400);
    const { code, stderr } = await animate("pause.bkmotion", "pause.gif", "-q");
    expect([code, stderr]).toEqual([0, ""]);
  });
});

describe("texts", () => {
  const evil = "\u001b]0;owned\u0007\u001b[2J\nnote: all is well\u202e";

  test("of a clip cannot write on the terminal but where they belong", async () => {
    await write(
      "evil.bkmotion",
      { about: evil, own: { list: [evil], [evil]: 1 }, model: { family: "fomm", name: evil } },
      0,
    );
    const { stdout } = await runCli(["inspect", at("evil.bkmotion")]);
    const { stderr } = await animate("evil.bkmotion", "evil.gif");
    expect(stdout).toContain("  about: \\u001b]0;owned\\u0007");
    for (const text of [stdout, stderr]) {
      expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
      expect(text).not.toMatch(/^note: all is well/m);
      expect(text).toContain("\\u000anote: all is well\\u202e");
    }
    // Programs get them as they are.
    const { header } = JSON.parse((await runCli(["inspect", at("evil.bkmotion"), "--json"])).stdout);
    expect(header.about).toBe(evil);
  });

  test("of an error neither", async () => {
    const bytes = encodeMotionClip(createMotionClip({ about: "x" }, frames(0)));
    const text = Buffer.from(bytes)
      .toString("latin1")
      .replace('"about":"x"', '"\u001b[":"y"')
      .replace('"points"', '"p\\u001bts"');
    await writeFile(at("error.bkmotion"), Buffer.from(text, "latin1"));
    const { code, stderr } = await runCli(["inspect", at("error.bkmotion")]);
    expect([code, stderr]).toEqual([1, expect.not.stringMatching(/[^\P{Cc}\n]/u)]);
  });
});

test.each([
  ["motion", ["animate", portrait, "-o", "pipe.gif", "--motion", "pipe"]],
  ["a checkpoint", ["animate", portrait, "-o", "pipe.gif", "-d", "nod.mp4", "--checkpoint", "pipe"]],
  [
    "a configuration",
    ["animate", portrait, "-o", "pipe.gif", "-d", "nod.mp4", "--checkpoint", "x", "--config", "pipe"],
  ],
  ["something to inspect", ["inspect", "pipe"]],
  ["a configuration to inspect", ["inspect", "pipe.yaml"]],
  ["a checkpoint to inspect", ["inspect", "pipe.pth.tar"]],
])("a pipe as %s is refused: opening it could wait for ever, and it can be read once", async (_, args) => {
  const here = args.map((arg) => (arg.startsWith("pipe") ? at(arg) : arg === "nod.mp4" ? video : arg));
  const { code, stderr } = await runCli(here);
  expect(stderr).toMatch(/^error: \S+pipe\S*: expected a file, got a pipe or a device\. Save it to a file first\.\n$/);
  expect(code).toBe(1);
});

test("a manifest whose own fields are nested deeper than a stack, or pass for facts, is inspected", async () => {
  const heads = JSON.parse(await readFile(join(root, "packages/model-heads/files/bunraku.json"), "utf8"));
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const own = { kind: "evil", file: "evil", keypoints: -1, own: "DEEP", trainedOn: "DEEP", licences: { own: "DEEP" } };
  await mkdir(at("deep"));
  await writeFile(join(at("deep"), "bunraku.json"), JSON.stringify({ ...heads, ...own }).replaceAll('"DEEP"', deep));
  const { code, stdout } = await runCli(["inspect", at("deep")]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("kind: bundle\n")]);
  const facts = JSON.parse((await runCli(["inspect", at("deep"), "--json"])).stdout);
  expect(facts).toMatchObject({ kind: "bundle", file: join(at("deep"), "bunraku.json"), keypoints: 10, licences: {} });
});

test("a manifest that is a pipe, or without end, is refused", async () => {
  await mkdir(at("bundle"));
  await rename(at("pipe"), join(at("bundle"), "bunraku.json"));
  expect((await runCli(["inspect", at("bundle")])).stderr).toContain("got a pipe or a device");
  await rm(join(at("bundle"), "bunraku.json"));
  await writeFile(join(at("bundle"), "bunraku.json"), "");
  await truncate(join(at("bundle"), "bunraku.json"), 2 ** 33);
  expect((await runCli(["inspect", at("bundle")])).stderr).toContain("wanted at most 16777216 bytes of text");
});

test("damage of any kind, with a right checksum, is one error or a result", async () => {
  const whole = encodeMotionClip(createMotionClip({ about: "small" }, frames(0, 0.04, 0.08)));
  const change = fc.record({
    at: fc.nat(whole.length - 5),
    value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff),
    run: fc.nat(8),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), fc.boolean(), async (changes, animated) => {
      const bytes = Uint8Array.from(whole);
      for (const { at, value, run } of changes) bytes.fill(value, at, Math.min(at + run + 1, bytes.length - 4));
      new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true);
      await writeFile(at("damaged.bkmotion"), bytes);
      const { code, stdout, stderr } = animated
        ? await animate("damaged.bkmotion", "damaged.gif", "-y", "-q")
        : await runCli(["inspect", at("damaged.bkmotion")]);
      expect(stdout + stderr).not.toMatch(/ {4}at |internal error/);
      if (code !== 0) expect(stderr).toMatch(/^error: [^\n]+\.\n$/);
      expect([0, 1]).toContain(code);
    }),
    { numRuns: Number(process.env.MOTION_CLI_FUZZ ?? 60) },
  );
  expect((await readdir(folder)).filter((name) => name.includes(".part"))).toEqual([]);
  expect((await readFile(at("damaged.bkmotion"))).length).toBe(whole.length);
});
