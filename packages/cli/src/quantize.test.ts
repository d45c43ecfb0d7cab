import { watch } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "./testing/run-cli.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const portrait = join(root, "samples/portraits/head_07.png");
const painting = join(root, "samples/portraits/head_01.png");
const video = join(root, "samples/driving/nod.mp4");
const heads = join(root, "packages/model-heads/files");
let folder = "";
const at = (name: string) => join(folder, name);
let report: {
  int8: { bytes: number; integers: unknown[]; kept: unknown[]; difference: { psnr: number; worstPsnr: number } };
  fp16: { bytes: number };
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bunraku-quantize-"));
  const sources = ["--source", painting, portrait];
  const args = ["quantize", heads, "--calibrate", video, ...sources, "--fp16", "-o", at("heads"), "--json"];
  const { code, stdout } = await runCli(args);
  expect(code).toBe(0);
  report = JSON.parse(stdout);
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the default model in integers is within 38 dB of float32, on frames that it was not calibrated with", () => {
  expect(report.int8.difference.psnr).toBeGreaterThanOrEqual(38);
  expect(report.int8.integers.length).toBeGreaterThan(20);
});

test("a bundle with variants holds its own files, and is opened with either", async () => {
  const manifest = JSON.parse(await readFile(at("heads/bunraku.json"), "utf8"));
  expect(manifest.formatVersion).toBe(1);
  expect(manifest.variants.int8).toMatchObject({ file: "weights.int8.safetensors", bytes: report.int8.bytes });
  // Its weights have been float16 all along, so that variant is the same file.
  expect(manifest.variants.fp16).toEqual(manifest.weights);
  expect((await readdir(at("heads"))).sort()).toEqual([
    "bunraku.json",
    "weights.int8.safetensors",
    "weights.safetensors",
  ]);
  expect(report.int8.bytes).toBeLessThan(0.55 * manifest.weights.bytes);

  const short = ["-d", video, "--duration", "0.2", "-m", at("heads"), "-q"];
  for (const variant of [[], ["--variant", "int8"], ["--variant", "fp16"]]) {
    const { code, stderr } = await runCli([
      "animate",
      portrait,
      "-o",
      at(`${variant.at(-1)}.gif`),
      ...short,
      ...variant,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  }
  const [plain, half, integers] = await Promise.all(
    ["undefined.gif", "fp16.gif", "int8.gif"].map((name) => readFile(at(name))),
  );
  expect(half!.equals(plain!)).toBe(true);
  expect(integers!.equals(plain!)).toBe(false);
}, 60_000);

test("without -o a bundle is added to, and its weights stay as they are", async () => {
  await cp(heads, at("own"), { recursive: true });
  const { code, stderr } = await runCli([
    "quantize",
    at("own"),
    "--calibrate",
    video,
    "--frames",
    "4",
    "--target-psnr",
    "0",
  ]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/own: int8, 5\.[23] MB; \d+ layers in integers, \d+ in float32\n {2}[\d.]+ dB to float32/);
  expect((await readdir(at("own"))).sort()).toEqual([
    "bunraku.json",
    "weights.int8.safetensors",
    "weights.safetensors",
  ]);
  const [kept, before] = await Promise.all([at("own"), heads].map((at) => readFile(join(at, "weights.safetensors"))));
  expect(kept!.equals(before!)).toBe(true);
}, 60_000);

test("interrupted, it leaves nothing behind", async () => {
  const before = await readdir(folder);
  const controller = new AbortController();
  // The output is reserved before anything is computed: that is seen in the folder.
  const watcher = watch(folder, () => controller.abort(new Error("Interrupted.")));
  try {
    const args = ["quantize", heads, "--calibrate", video, "-o", at("stopped"), "-q"];
    const { code, stderr } = await runCli(args, controller.signal);
    expect({ code, stderr }).toEqual({ code: 130, stderr: "Interrupted; nothing half-written was left.\n" });
  } finally {
    watcher.close();
  }
  expect(await readdir(folder)).toEqual(before);
}, 60_000);

test.each([
  { what: "neither clips nor --fp16", args: [heads, "-o", "x"], says: "Give --calibrate" },
  { what: "a bundle on a server without -o", args: ["https://example.org/m", "--fp16"], says: "Name a folder with -o" },
  { what: "an output that is the bundle", args: [heads, "--fp16", "-o", heads, "-y"], says: "is an input, too" },
  { what: "a clip that is not there", args: [heads, "--calibrate", "no.mp4", "-o", "x"], says: "no.mp4" },
])("$what is refused, saying what to do", async ({ args, says }) => {
  const { code, stderr } = await runCli(["quantize", ...args]);
  expect(code).toBe(says === "no.mp4" ? 1 : 2); // 2: called wrongly
  expect(stderr).toContain(says);
});

test("a variant that a bundle does not have is refused", async () => {
  const args = ["animate", portrait, "-d", video, "-m", heads, "--variant", "int8", "-o", at("none.gif")];
  const { code, stderr } = await runCli(args);
  expect(code).toBe(2);
  expect(stderr).toContain('there is no variant "int8"; it has none. bunraku quantize makes int8 and fp16.');
});
