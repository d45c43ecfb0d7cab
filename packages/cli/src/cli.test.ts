import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { createVideoWriter, loadPicture, openVideo, savePicture } from "@bunraku/media/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "./program.ts";
import { runCli } from "./testing/run-cli.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const portrait = join(root, "samples/portraits/head_07.png");
const painting = join(root, "samples/portraits/girl_with_a_pearl_earring.jpg");
const clip = join(root, "samples/driving/nod.mp4");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bunraku-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const short = ["--duration", "0.25"]; // six frames
const animate = (source: string, output: string, ...more: string[]) =>
  runCli(["animate", source, "-d", clip, "-o", output, ...more]);

async function framesOf(path: string) {
  await using video = await openVideo(path);
  const times: number[] = [];
  for await (const frame of video.frames()) times.push(frame.timestamp);
  return { info: video.info, times };
}

describe("bunraku animate", () => {
  test.each(["mp4", "webm", "gif"])("writes a playable .%s with the driving video's times", async (kind) => {
    const { code, stderr, stdout } = await animate(portrait, at(`a.${kind}`), ...short);
    expect(stderr).toMatch(/a\.\w+: 6 frames of 256 × 256, [\d.]+ frames per second\n$/);
    expect([code, stdout]).toEqual([0, ""]);
    const { info, times } = await framesOf(at(`a.${kind}`));
    expect([info.width, info.height]).toEqual([256, 256]);
    expect(times).toHaveLength(6);
    for (const [i, time] of times.entries())
      expect(Math.abs(time - i / 24)).toBeLessThan(kind === "gif" ? 0.011 : 0.002);
  });

  test("writes a folder of PNGs for a name that ends in a slash", async () => {
    expect((await animate(portrait, `${at("frames")}/`, ...short)).code).toBe(0);
    const files = await readdir(at("frames"));
    expect(files.filter((name) => name.endsWith(".png"))).toHaveLength(6);
  });

  test("a folder of frames drives, too", async () => {
    const { code } = await runCli(["animate", portrait, "-d", at("frames"), "-o", at("again.gif"), "-q"]);
    expect(code).toBe(0);
    expect((await framesOf(at("again.gif"))).times).toHaveLength(6);
  });

  test("--json prints one object, and nothing else anywhere", async () => {
    const { stdout, stderr } = await animate(portrait, at("json.gif"), ...short, "--json", "--size", "64");
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({
      output: at("json.gif"),
      frames: 6,
      width: 64,
      height: 64,
      audio: "none",
      sourceCrop: { left: 0, top: 0, width: 256, height: 256 },
      warnings: [],
    });
    expect(stdout.trim().split("\n")).toHaveLength(1);
  });

  test("the face of a large portrait is framed; a rectangle and the centre overrule that", async () => {
    const crop = async (...more: string[]) =>
      JSON.parse(
        (await animate(painting, at("crop.gif"), "-y", "--duration", "0.05", "--size", "64", "--json", ...more)).stdout,
      ).sourceCrop;
    const face = await crop();
    expect(face.width).toBe(face.height);
    expect(face.width).toBeLessThan(900);
    expect(await crop("--source-crop", "centre")).toEqual({ left: 0, top: 94, width: 1092, height: 1092 });
    expect(await crop("--source-crop", "10,20,300,300")).toEqual({ left: 10, top: 20, width: 300, height: 300 });
  });

  test("each way to render gives pictures of the size it promises", async () => {
    const of = async (render: string) => {
      const name = at(`${render}/`);
      expect((await animate(portrait, name, "--render", render, ...short, "-q")).code).toBe(0);
      return loadPicture(join(name, (await readdir(name)).sort().at(-1)!));
    };
    const [hybrid, warp, generator] = [await of("hybrid"), await of("warp"), await of("generator")];
    expect([hybrid.width, warp.width, generator.width]).toEqual([256, 256, 64]);
  });

  test("absolute movement, unscaled movement and the other sampling change the result", async () => {
    const bytes = async (name: string, ...more: string[]) => {
      await animate(portrait, at(`${name}.gif`), ...short, "--size", "64", "--source-crop", "centre", "-q", ...more);
      return readFile(at(`${name}.gif`));
    };
    const plain = await bytes("plain");
    expect(await bytes("plain-again")).toEqual(plain);
    for (const option of [["--absolute"], ["--no-adapt-scale"], ["--align-corners", "false"]]) {
      expect(await bytes(option.join(""), ...option)).not.toEqual(plain);
    }
  });

  test("-y replaces an existing result, and only then", async () => {
    const name = at("twice.gif");
    await animate(portrait, name, "--duration", "0.05", "-q");
    expect((await animate(portrait, name, "--duration", "0.05", "-q")).code).toBe(2);
    expect((await animate(portrait, name, "--duration", "0.05", "-q", "-y")).code).toBe(0);
  });

  test("the help says of every option, on one line, what it does", async () => {
    const { code, stdout } = await runCli(["animate", "--help"]);
    expect(code).toBe(0);
    const options =
      "driving output model checkpoint config absolute no-adapt-scale render size source-crop driving-crop start duration background quality mute align-corners frame-size threads yes quiet json help";
    for (const option of options.split(" "))
      expect(stdout).toMatch(new RegExp(`^ +(-\\w, )?--${option}\\b.* {2,}\\S.{8,}`, "m"));
  });

  test("an input is never overwritten, even with -y", async () => {
    const copy = at("own.mp4");
    await copyFile(clip, copy);
    const { code, stderr } = await runCli(["animate", portrait, "-d", copy, "-o", join(folder, ".", "own.mp4"), "-y"]);
    expect(stderr).toMatch(/own\.mp4 is an input, too; writing would destroy it\. Choose another name with -o\.\n$/);
    expect(code).toBe(2);
    expect(await readFile(copy)).toEqual(await readFile(clip));
  });

  test("a folder of frames is not replaced when it holds the source", async () => {
    const frames = at("originals");
    await mkdir(frames);
    await copyFile(portrait, join(frames, "frame_000777.png"));
    const { code, stderr } = await animate(join(frames, "frame_000777.png"), `${frames}/`, "-y", ...short);
    expect(stderr).toMatch(/originals\/ holds the input \S+frame_000777\.png; writing would destroy it/);
    expect(code).toBe(2);
    expect(await readdir(frames)).toEqual(["frame_000777.png"]);
  });

  test.each(["--json", "-", "-y"])("an option is not taken for the name of the result: %s", async (name) => {
    const { code, stdout, stderr } = await animate(portrait, name, ...short);
    expect(stdout + stderr).toContain(`got the option ${name}`);
    expect(code).toBe(2);
  });

  test("a picture without a face is told, and animated all the same", async () => {
    await savePicture(at("flat.png"), { width: 90, height: 300, data: new Uint8ClampedArray(90 * 300 * 4).fill(200) });
    const { code, stderr } = await animate(at("flat.png"), at("flat.gif"), "--duration", "0.05");
    expect(stderr).toContain("note: No face was found in the source, so its middle is used. --source-crop");
    expect(code).toBe(0);
  });

  test("a size is kept by every way to render", async () => {
    for (const render of ["hybrid", "warp", "generator"]) {
      const { stdout } = await animate(
        portrait,
        at("sized.gif"),
        "-y",
        "--json",
        "--duration",
        "0.05",
        "--size",
        "100",
        "--render",
        render,
      );
      expect(JSON.parse(stdout)).toMatchObject({ width: 100, height: 100 });
    }
    const { stdout } = await animate(portrait, at("sized.gif"), "-y", "--json", "--duration", "0.05", "--size", "47");
    expect(JSON.parse(stdout)).toMatchObject({ width: 47, height: 47 });
  });
});

test.each([["animate", "p.png"], ["inspect"], ["bogus"], ["animate", "p.png", "-d", "x", "-o", "y", "--size", "no"]])(
  "a wrong call is one JSON object with --json: %s %s",
  async (...args) => {
    const { code, stdout, stderr } = await runCli([...args, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "OPTION", message: expect.any(String) } });
    expect([code, stderr]).toEqual([2, ""]);
  },
);

test.each([0, 20, 60, 150, 400, 900])(
  "an interruption after %d ms ends with 130, or after the end with 0, and leaves nothing half-written",
  async (delay) => {
    const controller = new AbortController();
    const name = `interrupted-${delay}.mp4`;
    const running = runCli(["animate", portrait, "-d", clip, "-o", at(name)], controller.signal);
    setTimeout(() => controller.abort(new Error("Interrupted.")), delay);
    const { code, stderr } = await running;
    const files = (await readdir(folder)).filter((file) => file.includes(`interrupted-${delay}`));
    if (code === 0) expect(files).toEqual([name]);
    else {
      expect([code, stderr]).toEqual([130, "Interrupted; nothing half-written was left.\n"]);
      expect(files).toEqual([]);
    }
  },
);

describe("bunraku convert and inspect", () => {
  const checkpoint = join(root, "fixtures/torch-save/zip.pth.tar");

  test("inspect lists a checkpoint that torch saved", async () => {
    const { stdout } = await runCli(["inspect", checkpoint, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "checkpoint",
      container: "zip",
      scalars: { epoch: 12 },
      modules: expect.arrayContaining([
        expect.objectContaining({ name: "generator", tensors: 7 }),
        expect.objectContaining({ name: "kp_detector", tensors: 2, parameters: 9 }),
      ]),
    });
  });

  test("inspect says what a configuration, a bundle, a picture and a video are", async () => {
    const inspect = async (path: string) => JSON.parse((await runCli(["inspect", path, "--json"])).stdout);
    expect(await inspect(join(root, "fixtures/heads-v0/heads-v0.yaml"))).toMatchObject({
      kind: "configuration",
      family: "fomm",
      keypoints: 10,
      frameSizes: "multiples of 32, from 32",
    });
    expect(await inspect(join(root, "packages/model-heads/files"))).toMatchObject({
      kind: "bundle",
      name: "heads-v0",
      parameters: { generator: 2739135, kp_detector: 2413512 },
    });
    expect(await inspect(portrait)).toMatchObject({ kind: "picture", width: 256, height: 256 });
    expect(await inspect(clip)).toMatchObject({ kind: "video", frameCount: 72, codec: "avc" });
  });

  test.each([
    ["--config", ["--config", "vox-256"]],
    ["--finite", ["--finite"]],
  ])("inspect refuses %s of what is no checkpoint", async (option, more) => {
    for (const path of [portrait, clip, join(root, "packages/model-heads/files")]) {
      const { code, stderr } = await runCli(["inspect", path, ...more]);
      expect([code, stderr]).toEqual([
        2,
        `error: ${option} is for checkpoints (.pth.tar, .safetensors, …), and ${path} is none.\n`,
      ]);
    }
  });

  test("convert refuses weights that do not fit their configuration, and writes nothing", async () => {
    const args = ["convert", checkpoint, "--config", join(root, "fixtures/heads-v0/heads-v0.yaml"), "-o", at("bundle")];
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(
      /zip\.pth\.tar: the weights of kp_detector do not fit the configuration: .* is missing.*and \d+ more/,
    );
    expect(code).toBe(1);
    expect(await readdir(folder)).not.toContain("bundle");
  });
});

describe("Ctrl-C", () => {
  beforeAll(async () => {
    await using writer = await createVideoWriter(at("long.mp4"), { width: 64, height: 64 });
    const grey = { width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4).fill(128) };
    for (let i = 0; i < 2000; i++) await writer.write(grey);
    await writer.finish();
  });

  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  /** Runs a command as a process of its own, and presses Ctrl-C when its part file is there or time is up; perhaps twice. */
  async function interrupted(
    args: readonly string[],
    { most = 60_000, again }: { most?: number; again?: number } = {},
  ) {
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const node = ["--conditions=@bunraku/source", "--import", "tsx", main];
    const child = spawn(process.execPath, [...node, ...args], { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (data) => (stderr += data));
    const ended = new Promise<number | string>((resolve) =>
      child.on("exit", (code, signal) => resolve(code ?? signal ?? "")),
    );
    const written = async () => (await readdir(folder)).filter((name) => name.includes("stopped"));
    for (let waited = 0; waited < most && child.exitCode === null && (await written()).length === 0; waited += 50)
      await wait(50);
    child.kill("SIGINT");
    if (again !== undefined) {
      await wait(again);
      child.kill("SIGINT");
    }
    return { end: await ended, stderr, left: await written() };
  }

  test.each([
    ["animate", ["animate", portrait, "-d", "long.mp4", "-o", "stopped.mp4"], {}],
    [
      "the first pass of animate",
      ["animate", portrait, "-d", "long.mp4", "-o", "stopped/", "--best-frame"],
      { most: 3000 },
    ],
    ["record", ["record", "long.mp4", "-o", "stopped.bkmotion"], {}],
    ["export", ["export", "-o", "stopped"], {}],
  ])("ends %s with 130 and leaves nothing behind", async (_, args, when) => {
    const inFolder = args.map((arg) => (/^(long|stopped)/.test(arg) ? at(arg) : arg));
    const found = await interrupted(inFolder, when);
    expect(found).toEqual({ end: 130, stderr: "Interrupted; nothing half-written was left.\n", left: [] });
  });

  // Native code that is stopped in the middle must not have the last word.
  test.each([0, 200, 500])("pressed again after %d ms ends at once, silently, and leaves nothing", async (again) => {
    const { end, stderr, left } = await interrupted(["export", "-o", at("stopped")], { again });
    expect([130, "SIGINT"]).toContain(end);
    expect(["", "Interrupted; nothing half-written was left.\n"]).toContain(stderr);
    expect(left).toEqual([]);
  });
});

describe("--json", () => {
  test.each([
    [[], 2],
    [["nothing"], 2],
    [["animate"], 2],
    [["animate", "none.png", "-d", "none.mp4", "-o", "x.gif"], 1],
    [["animate", "none.png", "-d", "none.mp4", "-o", "x.gif", "--gain", "NaN"], 2],
    [["record", "none.mp4", "-o", "x.bkmotion"], 1],
    [["record", "none.mp4", "-o", "x.mp4"], 2],
    [["convert", "none.pth.tar", "-o", "x"], 1],
    [["export", "--checkpoint", "none.pth.tar", "-o", "x"], 1],
    [["export", "--config", "vox-256", "-o", "x"], 2],
    [["inspect", "none.png"], 1],
    [["inspect", ""], 2],
  ])("of %j is one object that says what is wrong", async (args, exit) => {
    const { code, stdout, stderr } = await runCli([...args, "--json"]);
    expect([code, stderr]).toEqual([exit, ""]);
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: expect.stringMatching(/^[A-Z_]+$/), message: expect.stringMatching(/\w/) },
    });
  });

  test("of an interrupted command says so", async () => {
    const interrupted = AbortSignal.abort(new Error("Interrupted."));
    const args = ["animate", portrait, "-d", clip, "-o", at("interrupted.gif"), "--json"];
    const { code, stdout, stderr } = await runCli(args, interrupted);
    expect([code, stderr]).toEqual([130, ""]);
    expect(JSON.parse(stdout)).toEqual({ error: { code: "INTERRUPTED", message: "Interrupted." } });
  });
});

test("the help of every command says of every option what it does, and errors name the help", async () => {
  for (const name of ["animate", "record", "convert", "export", "inspect"]) {
    const { code, stdout } = await runCli([name, "--help"]);
    expect(code).toBe(0);
    const options = stdout.split("\n").filter((line) => /^ {2}(-\w, )?--/.test(line));
    expect(options.length).toBeGreaterThan(3);
    for (const option of options) expect(option).toMatch(/^ {2}(-\w, )?--[\w-]+( [<[]\S+[>\]])? {2,}\S.{8,}/);
    expect(stdout).toMatch(/^In general:\n(.*\n)*? {2}--json /m);
    const { stderr } = await runCli([name, "--nonsense"]);
    expect(stderr).toMatch(new RegExp(`^error: .+\n\\(bunraku ${name} --help says what can be asked for\\)\n$`));
  }
});

test("on a terminal, stages and passes are shown on one line of stderr that is taken away at the end", async () => {
  let stderr = "";
  const terminal = { write: (text: string) => (stderr += text), isTTY: true, columns: 40 };
  const io = {
    stdout: { write: () => true },
    stderr: terminal,
    stdin: Readable.from([]),
    signal: new AbortController().signal,
  };
  const args = ["animate", portrait, "-d", clip, "-o", at("shown.gif"), ...short, "--best-frame"];
  expect(await run(args, io, "0")).toBe(0);
  const lines = stderr.split("\r\u001b[2K");
  expect(lines.slice(1, 4)).toEqual(["loading the model …", "framing …", "detecting …"]);
  expect(lines.some((line) => /^detecting: frame \d\/6 {2}[\d.]+ fps/.test(line))).toBe(true);
  expect(lines.some((line) => /^rendering: frame \d\/6 {2}[\d.]+ fps/.test(line))).toBe(true);
  expect(lines.indexOf("rendering …")).toBeGreaterThan(lines.indexOf("detecting …"));
  expect(lines.at(-1)).toMatch(/^best frame: \d\n\S*shown\.gif: 6 frames/);
});
