import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { architectureOf } from "@bunraku/animate";
import { officialConfig } from "@bunraku/checkpoints";
import { openVideo } from "@bunraku/media/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeCheckpoint } from "../../../fixtures/write-checkpoint.ts";
import { runCli } from "./testing/run-cli.ts";

// Official checkpoints through the command, from inspection to a moving picture. Their numbers are all alike: what the
// networks compute is not looked at here.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const portrait = join(root, "samples/portraits/head_07.png");
const video = join(root, "samples/driving/nod.mp4");
const short = ["--duration", "0.1"]; // three frames
let folder = "";
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bunraku-checkpoint-"));
  for (const name of ["shapes", "nemo"]) {
    const { family, modelParams } = officialConfig(name);
    const { specs } = architectureOf(family, modelParams);
    const modules = new Map(Object.entries(specs).map(([module, list]) => [module, [...list]]));
    await writeFile(at(`${name}.pth.tar`), writeCheckpoint(modules, { value: 0.01 }));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a Monkey-Net checkpoint without its yaml", () => {
  test("inspect says what it is and how to use it", async () => {
    const { code, stdout } = await runCli(["inspect", at("shapes.pth.tar")]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/shapes\.pth\.tar: checkpoint, legacy container, \d+\.\d MB\n/);
    for (const line of [
      "family: monkey-net\n",
      "epoch: 99\n",
      "configurations that fit: shapes\n",
      "compared with: shapes; it loads\n",
      "generator: 2,111,899 parameters in ",
      "  dense_motion_module: ",
      "kp_detector: 1,027,072 parameters in ",
      "frame sizes: sides that are multiples of 32, from 32 (",
      "alignCorners: true. The published checkpoints were trained with PyTorch 0.4.1",
    ])
      expect(stdout).toContain(line);
  });

  test("inspect --json holds the same as data, and --finite reads the weights", async () => {
    const { stdout } = await runCli(["inspect", at("shapes.pth.tar"), "--json", "--finite"]);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "checkpoint",
      container: "legacy",
      scalars: { epoch: 99 },
      configs: { family: "monkey-net", fits: ["shapes"] },
      comparison: { loads: true },
      nonFinite: [],
      frameSizes: { step: 32, least: 32 },
      alignCorners: { use: true },
    });
  });

  test("inspect --config names what is missing, extra and other", async () => {
    const { code, stdout } = await runCli(["inspect", at("shapes.pth.tar"), "--config", "taichi"]);
    expect(code).toBe(0);
    expect(stdout).toContain("compared with: the one that was given; it does not load\n");
    expect(stdout).toContain("generator, missing: ");
    expect(stdout).toContain("  dense_motion_module.group_blocks.0.conv.weight [44, 4, 1, 1, 1]");
    expect(stdout).toMatch(/ {2}predictor\.\S+ must be \[64, 3, 1, 3, 3\], got \[32, 3, 1, 3, 3\]/);
  });

  test("it animates, and its configuration is found", async () => {
    const args = [
      "animate",
      portrait,
      "-d",
      video,
      ...short,
      "-o",
      at("shapes.gif"),
      "--checkpoint",
      at("shapes.pth.tar"),
    ];
    const { code, stderr } = await runCli(args);
    expect([code, stderr]).toEqual([0, expect.stringContaining("3 frames")]);
    await using reader = await openVideo(at("shapes.gif"));
    expect(reader.info.frameCount).toBe(3);
  });

  test("convert makes a bundle of it that animates, with an official name as configuration", async () => {
    const args = ["convert", at("shapes.pth.tar"), "--config", "shapes", "-o", at("bundle"), "--fp16", "-q"];
    expect((await runCli(args)).code).toBe(0);
    const manifest = JSON.parse(await readFile(join(at("bundle"), "bunraku.json"), "utf8"));
    expect(manifest).toMatchObject({ family: "monkey-net", frameSize: [64, 64], name: "shapes" });
    const animate = ["animate", portrait, "-d", video, ...short, "-o", at("bundle.gif"), "-m", at("bundle"), "-q"];
    expect(await runCli(animate)).toMatchObject({ code: 0, stderr: "" });
  });

  test("tensors that fit several configurations need a name", async () => {
    const args = ["animate", portrait, "-d", video, ...short, "-o", at("nemo.gif"), "--checkpoint", at("nemo.pth.tar")];
    const { code, stderr } = await runCli(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /its tensors fit actions, bair, nemo, which differ in .*; name the one it was trained with\./,
    );
    expect((await runCli([...args, "--config", "nemo", "-q"])).code).toBe(0);
  });

  test("a name that is none lists those there are", async () => {
    const { code, stderr } = await runCli(["inspect", at("shapes.pth.tar"), "--config", "vox-512"]);
    expect(code).toBe(2);
    expect(stderr).toContain("vox-256");
    expect(stderr).toContain("moving-gif");
  });
});

describe("bunraku export", () => {
  test("writes three graphs and says what goes in and out", async () => {
    const args = ["export", "-o", at("onnx"), "--json", "--with-spline", "--with-deformed"];
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({ name: "heads-v0", frameSize: [64, 64], checked: "onnxruntime" });
    expect((await readdir(at("onnx"))).sort()).toEqual(["detector.onnx", "export.json", "frame.onnx", "source.onnx"]);
    const { graphs } = JSON.parse(await readFile(join(at("onnx"), "export.json"), "utf8"));
    const frame = graphs.find(({ file }: { file: string }) => file === "frame.onnx");
    expect(frame.inputs.map(({ name }: { name: string }) => name)).toEqual([
      "features",
      "small",
      "source",
      "driving",
      "jacobians",
      "anchors",
      "spline",
      "image",
    ]);
    for (const { inputs, outputs } of graphs)
      for (const { meaning } of [...inputs, ...outputs]) expect(meaning).not.toBe("");
  });

  test("is not written over other things; over an earlier export with -y", async () => {
    const again = ["export", "-o", at("onnx"), "-q"];
    expect((await runCli(again)).code).toBe(2);
    expect((await runCli([...again, "-y"])).code).toBe(0);
    await writeFile(join(at("onnx"), "notes.txt"), "mine");
    const { code, stderr } = await runCli([...again, "-y"]);
    expect(code).toBe(1);
    expect(stderr).toContain("holds other files than an earlier result (notes.txt)");
    expect(await readdir(at("onnx"))).toContain("notes.txt");
    expect((await readdir(folder)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("of Monkey-Net, too; a size that does not fit names the next", async () => {
    const args = ["export", "--checkpoint", at("shapes.pth.tar"), "-o", at("monkey-onnx"), "-q"];
    expect(await runCli(args)).toMatchObject({ code: 0, stderr: "" });
    const { code, stderr } = await runCli([...args, "-y", "--frame-size", "100"]);
    expect(code).toBe(1);
    expect(stderr).toContain("must be a multiple of 32 of at least 32, got 100. Use 96 or 128.");
  });
});

test("inspect says what a motion clip is, and notices damage", async () => {
  expect((await runCli(["record", video, ...short, "-o", at("nod.bkmotion"), "-q"])).code).toBe(0);
  const { stdout } = await runCli(["inspect", at("nod.bkmotion"), "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ kind: "motion clip", frames: 3, header: { keypoints: 10 } });
  const bytes = await readFile(at("nod.bkmotion"));
  bytes[bytes.length - 100]! ^= 1;
  await writeFile(at("damaged.bkmotion"), bytes);
  const damaged = await runCli(["inspect", at("damaged.bkmotion")]);
  expect([damaged.code, damaged.stderr]).toEqual([1, expect.stringContaining("damaged.bkmotion: ")]);
});
