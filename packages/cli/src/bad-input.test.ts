import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tensor } from "@bunraku/backends";
import { writeSafetensors } from "@bunraku/checkpoints";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, legacyCheckpoint } from "./testing/legacy-checkpoint.ts";
import { runCli } from "./testing/run-cli.ts";

// Every kind of bad input a user may hand in: one clear error each, the right exit code, and nothing left behind.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const portrait = join(root, "samples/portraits/head_07.png");
const clip = join(root, "samples/driving/nod.mp4");
const yaml = join(root, "fixtures/heads-v0/heads-v0.yaml");
let folder = "";

/** A tiny first-order model: what a bundle's manifest holds. */
const tiny = {
  common_params: { num_kp: 2, num_channels: 3, estimate_jacobian: true },
  kp_detector_params: { temperature: 0.1, block_expansion: 2, max_features: 4, scale_factor: 1, num_blocks: 1 },
  generator_params: {
    block_expansion: 2,
    max_features: 4,
    num_down_blocks: 1,
    num_bottleneck_blocks: 0,
    estimate_occlusion_map: false,
    dense_motion_params: { block_expansion: 2, max_features: 4, num_blocks: 1, scale_factor: 1 },
  },
};

async function bundle(
  name: string,
  {
    change = (weights: Map<string, number[]>) => weights,
    before = (bytes: Uint8Array) => bytes,
    after = (bytes: Uint8Array) => bytes,
    manifest = {},
  } = {},
) {
  const { architectureOf } = await import("@bunraku/animate");
  const { specs } = architectureOf("fomm", tiny);
  const dims = new Map(
    Object.entries(specs).flatMap(([module, list]) => list.map((spec) => [`${module}.${spec.name}`, [...spec.dims]])),
  );
  const tensors = [...change(dims)].map(([key, shape]) => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    return { name: key, tensor: tensor("float32", new Float32Array(size).fill(0.01), shape) };
  });
  const weights = before(writeSafetensors(tensors));
  const digest = await crypto.subtle.digest("SHA-256", weights as Uint8Array<ArrayBuffer>);
  const sha256 = Buffer.from(digest).toString("hex");
  const at = join(folder, name);
  await mkdir(at);
  await writeFile(join(at, "weights.safetensors"), after(weights));
  const about = { formatVersion: 1, name, family: "fomm", modelParams: tiny, frameSize: [16, 16], alignCorners: true };
  await writeFile(
    join(at, "bunraku.json"),
    JSON.stringify({ ...about, weights: { file: "weights.safetensors", sha256, bytes: weights.length }, ...manifest }),
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bunraku-bad-"));
  const write = (name: string, data: string | Uint8Array) => writeFile(join(folder, name), data);
  const image = await readFile(portrait);
  const video = await readFile(clip);
  await write("empty.png", "");
  await write("text.png", "this is not a picture");
  await write("cut.png", image.subarray(0, image.length / 2));
  await write("drawing.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  await write(
    "bomb.png",
    await sharp({ create: { width: 12000, height: 12000, channels: 3, background: "red" } })
      .png({ compressionLevel: 9 })
      .toBuffer(),
  );
  await write("empty.mp4", "");
  await write("text.mp4", "ffconcat version 1.0\nfile 'private.mp4'\n");
  await write("cut.mp4", video.subarray(0, 900));
  await mkdir(join(folder, "no-frames"));
  await mkdir(join(folder, "uneven"));
  for (const [i, width] of [32, 48].entries()) {
    await sharp({ create: { width, height: 32, channels: 3, background: "red" } })
      .png()
      .toFile(join(folder, "uneven", `${i}.png`));
  }
  await write("exists.mp4", "precious");
  await mkdir(join(folder, "folder.mp4"));
  await write("hostile.pth.tar", legacyCheckpoint(call("posix", "system", `touch ${join(folder, "owned")}`)));
  await write("page.pth.tar", "<!DOCTYPE html><html><body>Sign in to download</body></html>");
  await write("cut.pth.tar", legacyCheckpoint(call("posix", "system", "x")).subarray(0, 40));
  await write("empty.pth.tar", "");
  await write("list.yaml", "- not\n- a map\n");
  await write("no-params.yaml", "dataset_params:\n  frame_shape: [256, 256, 3]\n");
  await write("words.yaml", (await readFile(yaml, "utf8")).replace("num_kp: 10", "num_kp: many"));
  await bundle("good");
  // The last four bytes are the last weight: 0x7fc00000 is not a number.
  const notANumber = (bytes: Uint8Array) => Uint8Array.from([...bytes.subarray(0, -4), 0, 0, 0xc0, 0x7f]);
  await bundle("nan", { before: notANumber });
  await bundle("missing", {
    change: (weights) => new Map([...weights].filter(([key]) => key !== "kp_detector.kp.weight")),
  });
  await bundle("shapes", { change: (weights) => weights.set("kp_detector.kp.bias", [7]) });
  await bundle("cut", { after: (bytes) => bytes.subarray(0, bytes.length - 9) });
  await bundle("flipped", { after: (bytes) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)) });
  await bundle("outside", {
    manifest: { weights: { file: "../good/weights.safetensors", sha256: "0".repeat(64), bytes: 9 } },
  });
  await bundle("future", { manifest: { formatVersion: 2 } });
  await mkdir(join(folder, "no-json"));
  await write("no-json/bunraku.json", "{ oh");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Case {
  /** Replaces arguments of a call that is right otherwise; `undefined` takes one away. */
  readonly with: { source?: string; driving?: string; output?: string; more?: string[] };
  readonly code: 1 | 2;
  readonly says: RegExp;
}
const at = (name: string) => `{folder}/${name}`;
const checkpoint = (file: string, config = yaml) => ({ more: ["--checkpoint", file, "--config", config] });

const cases: Record<string, Case> = {
  "a source that is missing": {
    with: { source: at("none.png") },
    code: 1,
    says: /none\.png: expected a picture, found nothing there/,
  },
  "a source that is a folder": { with: { source: at("no-frames") }, code: 1, says: /no-frames: .*folder/ },
  "a source of zero bytes": { with: { source: at("empty.png") }, code: 1, says: /empty\.png: .*empty/ },
  "a source that is text": {
    with: { source: at("text.png") },
    code: 1,
    says: /text\.png: expected a picture, got .*text/,
  },
  "a source that was cut short": { with: { source: at("cut.png") }, code: 1, says: /cut\.png: / },
  "a source that is a drawing": { with: { source: at("drawing.svg") }, code: 1, says: /drawing\.svg: / },
  "a source of huge dimensions": {
    with: { source: at("bomb.png") },
    code: 1,
    says: /bomb\.png: expected at most 50000000 pixels/,
  },
  "a source that is a video": { with: { source: clip }, code: 1, says: /nod\.mp4: expected a picture/ },
  "a driving video that is missing": { with: { driving: at("none.mp4") }, code: 1, says: /none\.mp4: / },
  "a driving video of zero bytes": {
    with: { driving: at("empty.mp4") },
    code: 1,
    says: /empty\.mp4: expected a video, got .*empty/,
  },
  "a driving video that names other files": {
    with: { driving: at("text.mp4") },
    code: 1,
    says: /text\.mp4: expected a video, got .*text/,
  },
  "a driving video that was cut short": { with: { driving: at("cut.mp4") }, code: 1, says: /cut\.mp4: / },
  "a driving video that is a picture": { with: { driving: portrait }, code: 1, says: /head_07\.png: expected a video/ },
  "a folder without frames": { with: { driving: at("no-frames") }, code: 1, says: /no-frames: / },
  "frames of different sizes": { with: { driving: at("uneven") }, code: 1, says: /1\.png.*48/ },
  "a result that exists": { with: { output: at("exists.mp4") }, code: 2, says: /exists\.mp4 exists\. Pass -y/ },
  "a result in a folder that is missing": { with: { output: at("none/out.mp4") }, code: 1, says: /none/ },
  "a result that is a folder": {
    with: { output: at("folder.mp4"), more: ["-y"] },
    code: 1,
    says: /folder\.mp4: .*folder/,
  },
  "a result of an unknown kind": { with: { output: at("out.docx") }, code: 2, says: /out\.docx: .*\.mp4/ },
  "a result where nothing can be written": { with: { output: "/proc/out.mp4" }, code: 1, says: /\/proc/ },
  "a configuration without its checkpoint": {
    with: { more: ["--config", yaml] },
    code: 2,
    says: /--config belongs to --checkpoint/,
  },
  "a checkpoint that runs a program, without a configuration": {
    with: { more: ["--checkpoint", at("hostile.pth.tar")] },
    code: 1,
    says: /posix\.system/,
  },
  "a bundle and a checkpoint": {
    with: { more: ["--model", at("good"), "--checkpoint", "x", "--config", "y"] },
    code: 2,
    says: /exclude each other/,
  },
  "a checkpoint that is missing": { with: checkpoint(at("none.pth.tar")), code: 1, says: /none\.pth\.tar: / },
  "a checkpoint of zero bytes": { with: checkpoint(at("empty.pth.tar")), code: 1, says: /empty\.pth\.tar: .*empty/ },
  "a checkpoint that was cut short": { with: checkpoint(at("cut.pth.tar")), code: 1, says: /cut\.pth\.tar: / },
  "a checkpoint that runs a program": { with: checkpoint(at("hostile.pth.tar")), code: 1, says: /posix\.system/ },
  "a checkpoint that is a web page": { with: checkpoint(at("page.pth.tar")), code: 1, says: /web page/ },
  "a configuration that is missing": {
    with: checkpoint(at("hostile.pth.tar"), at("none.yaml")),
    code: 1,
    says: /none\.yaml: cannot be read: there is no such file/,
  },
  "a configuration that is a list": {
    with: checkpoint(at("hostile.pth.tar"), at("list.yaml")),
    code: 1,
    says: /list\.yaml: wanted a map/,
  },
  "a configuration without model_params": {
    with: checkpoint(at("hostile.pth.tar"), at("no-params.yaml")),
    code: 1,
    says: /"model_params" is missing/,
  },
  "a bundle that is missing": {
    with: { more: ["--model", at("none")] },
    code: 1,
    says: /none\/bunraku\.json: cannot be read: there is no such file/,
  },
  "a bundle whose manifest is not JSON": { with: { more: ["--model", at("no-json")] }, code: 1, says: /not JSON/ },
  "a bundle of a later format": {
    with: { more: ["--model", at("future")] },
    code: 1,
    says: /"formatVersion" must be 1/,
  },
  "a bundle that reaches out of its folder": {
    with: { more: ["--model", at("outside")] },
    code: 1,
    says: /"weights\.file" must be the name of a file beside it/,
  },
  "a bundle whose weights were cut short": {
    with: { more: ["--model", at("cut")] },
    code: 1,
    says: /expected \d+ bytes, got \d+/,
  },
  "a bundle whose weights were changed": { with: { more: ["--model", at("flipped")] }, code: 1, says: /SHA-256/ },
  "weights that are not numbers": {
    with: { more: ["--model", at("nan")] },
    code: 1,
    says: /(generator|kp_detector)\.\S+.*NaN/,
  },
  "weights that are missing": {
    with: { more: ["--model", at("missing")] },
    code: 1,
    says: /kp\.weight \[2, 5, 7, 7\] is missing/,
  },
  "weights of other dims": {
    with: { more: ["--model", at("shapes")] },
    code: 1,
    says: /kp\.bias must be \[2\], got \[7\]/,
  },
  "a frame size that does not fit": {
    with: { more: ["--frame-size", "100"] },
    code: 1,
    says: /must be a multiple of 32.*got 100\. Use 96 or 128/,
  },
  "a size of nothing": { with: { more: ["--size", "0"] }, code: 2, says: /Expected a whole number from 2 to 8192/ },
  "a crop outside the picture": {
    with: { more: ["--source-crop", "200,0,100,100"] },
    code: 2,
    says: /inside 256 × 256/,
  },
  "a crop that is no crop": { with: { more: ["--source-crop", "left"] }, code: 2, says: /left,top,width,height/ },
  "a start after the end": { with: { more: ["--start", "99"] }, code: 2, says: /99/ },
  "an option that does not exist": { with: { more: ["--faster"] }, code: 2, says: /unknown option '--faster'/ },
  "align-corners that is neither": {
    with: { more: ["--align-corners", "maybe"] },
    code: 2,
    says: /Expected true or false/,
  },
};

test.each(Object.keys(cases))("%s: one clear error, nothing left behind", async (name) => {
  const { with: given, code, says } = cases[name]!;
  const { source = portrait, driving = clip, output = at("out.mp4"), more = [] } = given;
  const args = ["animate", source, "--driving", driving, "--output", output, ...more].map((arg) =>
    arg.replace("{folder}", folder),
  );
  const before = await readdir(folder);
  const result = await runCli(args);
  expect(result.stderr).toMatch(says);
  expect(result.code).toBe(code);
  expect(result.stderr).toMatch(/^error: /);
  expect(result.stderr).not.toContain("    at "); // no stack
  expect(await readdir(folder)).toEqual(before);
  expect(existsSync(join(folder, "owned"))).toBe(false);
  expect(await readFile(join(folder, "exists.mp4"), "utf8")).toBe("precious");
});

test("a value of the wrong type in a configuration is named", async () => {
  const { code, stderr } = await runCli(["inspect", join(folder, "words.yaml")]);
  expect(stderr).toBe(
    'error: configuration: model_params.common_params.num_kp must be a whole number from 1 to 65536, got "many".\n',
  );
  expect(code).toBe(1);
});

test("with --json an error is one JSON object on stdout", async () => {
  const { code, stdout, stderr } = await runCli([
    "animate",
    "none.png",
    "-d",
    clip,
    "-o",
    join(folder, "out.mp4"),
    "--json",
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "FILE", message: expect.stringContaining("none.png") } });
  expect(stderr).toBe("");
  expect(code).toBe(1);
});

test("after a failed call the process goes on: the next one works", async () => {
  const output = join(folder, "after.gif");
  await runCli(["animate", join(folder, "cut.png"), "-d", clip, "-o", output]);
  const { code } = await runCli([
    "animate",
    portrait,
    "-d",
    clip,
    "-o",
    output,
    "--duration",
    "0.1",
    "--size",
    "64",
    "-q",
  ]);
  expect(code).toBe(0);
  expect(existsSync(output)).toBe(true);
});
