import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tensor } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { reference } from "@bunraku/backends/reference";
import { bytesSource, type Family, readSafetensors } from "@bunraku/checkpoints";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addVariants, encodeHalf } from "../bundle/add-variants.ts";
import { encodeBundle } from "../bundle/encode-bundle.ts";
import type { ModelBundle } from "../bundle/model-bundle.ts";
import { openBundle } from "../bundle/open-bundle.ts";
import { loadModel } from "../load-model.ts";
import { architectureOf } from "../models/architecture.ts";
import { proceduralModelWeights } from "../proof/procedural-model-weights.ts";
import { decodeQuantized } from "./decode-quantized.ts";
import { type QuantizedModel, quantizeModel } from "./quantize-model.ts";

const families: Record<Family, string> = { fomm: "fomm_tiny", "monkey-net": "monkey_tiny" };
const size = { height: 64, width: 64 };

/** A procedural model of either family, at 64 × 64. */
async function bundleOfFamily(family: Family): Promise<ModelBundle> {
  const golden = fileURLToPath(new URL(`../../../../fixtures/golden/${families[family]}.json`, import.meta.url));
  const modelParams = JSON.parse(await readFile(golden, "utf8")).config as Record<string, unknown>;
  const weights = proceduralModelWeights(architectureOf(family, modelParams));
  return {
    manifest: {
      formatVersion: 1,
      name: "tiny",
      family,
      modelParams,
      frameSize: [size.height, size.width],
      alignCorners: true,
    },
    loadWeights: async () => weights,
  };
}

/** A picture of smooth colours, moved by so many pixels. */
function image(shift: number) {
  const { height, width } = size;
  const data = new Float32Array(3 * height * width);
  for (let i = 0; i < data.length; i++) {
    const [x, y, c] = [(i % width) + shift, Math.floor(i / width) % height, Math.floor(i / width / height)];
    data[i] = 0.5 + 0.4 * Math.sin(x / (7 + c)) * Math.cos(y / (9 - c));
  }
  return tensor("float32", data, [1, 3, height, width]);
}

const clip = { initial: image(0), frames: [0, 1, 2, 3, 4, 5, 6, 7].map(image) };
const folders: Partial<Record<Family, string>> = {};
const made: Partial<Record<Family, QuantizedModel>> = {};

beforeAll(async () => {
  await using backend = await ortNode({ threads: 1 });
  for (const family of Object.keys(families) as Family[]) {
    const folder = await mkdtemp(join(tmpdir(), "bunraku-int8-"));
    const bundle = await bundleOfFamily(family);
    const write = async (files: Record<string, Uint8Array>) => {
      for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
    };
    await write(await encodeBundle(bundle));
    made[family] = await quantizeModel(backend, bundle, [clip], { targetPsnr: 30 });
    const half = encodeHalf(await bundle.loadWeights());
    await write(await addVariants(folder, { int8: made[family]!.bytes, fp16: half }));
    folders[family] = folder;
  }
}, 120_000);
afterAll(async () => {
  for (const folder of Object.values(folders)) await rm(folder, { recursive: true, force: true });
});

test.each(Object.keys(families) as Family[])("a %s model in integers is near the one in floats", (family) => {
  const { integers, difference, frames } = made[family]!;
  expect(frames).toEqual({ used: 6, heldOut: 2 });
  expect(integers.length).toBeGreaterThan(4);
  expect(difference.psnr).toBeGreaterThan(28);
  expect(difference.psnr).toBeLessThan(120); // not the same
});

test.each(Object.keys(families) as Family[])(
  "an int8 variant of a %s model loads, and renders what was measured",
  async (family) => {
    await using backend = await ortNode({ threads: 1 });
    const predictions: Float32Array[] = [];
    for (const variant of [undefined, "int8"] as const) {
      await using model = await loadModel(backend, folders[family]!, { prove: false, ...(variant && { variant }) });
      using source = await model.encode(clip.initial);
      const keypoints = await model.detect(clip.frames[5]!);
      const frame = await model.render(source, keypoints, source.keypoints, { singular: "translate" });
      predictions.push((await frame.prediction!.read()) as Float32Array);
    }
    const [exact, integers] = predictions as [Float32Array, Float32Array];
    expect(integers).not.toEqual(exact);
    const error = exact.reduce((sum, value, i) => sum + (value - integers[i]!) ** 2, 0) / exact.length;
    expect(-10 * Math.log10(error)).toBeGreaterThan(25);
  },
);

test("an int8 variant is about a quarter of float32, an fp16 variant half", async () => {
  const sizes = JSON.parse(await readFile(join(folders.fomm!, "bunraku.json"), "utf8"));
  const { weights, variants } = sizes;
  expect(variants.fp16.bytes / weights.bytes).toBeLessThan(0.6);
  expect(variants.int8.bytes / weights.bytes).toBeLessThan(0.45); // tiny networks are half headers
});

test("a bundle opened without a variant is as it was", async () => {
  const bundle = await openBundle(folders.fomm!);
  expect(bundle).not.toHaveProperty("variant");
  expect(bundle.manifest).not.toHaveProperty("variants"); // so that copies do not promise files that they lack
});

test("a backend without integers computes an int8 variant in floats, from its weights", async () => {
  const bundle = await openBundle(folders.fomm!, { variant: "int8" });
  const weights = await bundle.loadWeights();
  const exact = await (await openBundle(folders.fomm!)).loadWeights();
  for (const [name, { data }] of exact.generator) {
    const largest = Math.max(...data.map(Math.abs));
    const got = weights.generator.get(name)!.data;
    expect(data.every((value, i) => Math.abs(value - got[i]!) <= largest / 200)).toBe(true);
  }
  await using backend = await reference();
  await expect(quantizeModel(backend, bundle, [clip])).rejects.toMatchObject({ code: "OPTION" });
});

test("layers go back to float32 until the target is met", async () => {
  await using backend = await ortNode({ threads: 1 });
  const bundle = await bundleOfFamily("fomm");
  const target = Math.ceil(made.fomm!.difference.psnr) + 6;
  const { kept, integers } = await quantizeModel(backend, bundle, [clip], { targetPsnr: target });
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length + integers.length).toBe(made.fomm!.kept.length + made.fomm!.integers.length);
  expect(kept.map(({ psnr }) => psnr)).toEqual(kept.map(({ psnr }) => psnr).sort((a, b) => a - b));
}, 60_000);

test("fewer than four frames are too few", async () => {
  await using backend = await ortNode({ threads: 1 });
  const short = { initial: clip.initial, frames: clip.frames.slice(0, 3) };
  await expect(quantizeModel(backend, await bundleOfFamily("fomm"), [short])).rejects.toMatchObject({
    code: "OPTION",
    message: expect.stringContaining("at least 4 frames, got 3"),
  });
});

test("an interrupted calibration ends with the signal's reason", async () => {
  await using backend = await ortNode({ threads: 1 });
  const controller = new AbortController();
  const stop = new Error("stop");
  const onProgress = ({ phase }: { phase: string }) => phase === "ranges" && controller.abort(stop);
  const bundle = await bundleOfFamily("fomm");
  await expect(quantizeModel(backend, bundle, [clip], { signal: controller.signal, onProgress })).rejects.toBe(stop);
});

test("a variant that is not there is named, with those that are", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bunraku-int8-"));
  try {
    for (const [name, bytes] of Object.entries(await encodeBundle(await bundleOfFamily("fomm"))))
      await writeFile(join(folder, name), bytes);
    await expect(openBundle(folder, { variant: "int8" })).rejects.toMatchObject({
      code: "OPTION",
      message: expect.stringContaining('there is no variant "int8"; it has none'),
    });
    const bundle = await openBundle(folder);
    await using backend = await ortNode({ threads: 1 });
    await expect(loadModel(backend, bundle, { variant: "fp16" })).rejects.toMatchObject({ code: "OPTION" });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a damaged int8 file is refused", async () => {
  const bytes = Uint8Array.from(await readFile(join(folders.fomm!, "weights.int8.safetensors")));
  bytes[bytes.length - 1]! ^= 1;
  const damaged = await mkdtemp(join(tmpdir(), "bunraku-int8-"));
  try {
    await writeFile(join(damaged, "bunraku.json"), await readFile(join(folders.fomm!, "bunraku.json")));
    await writeFile(join(damaged, "weights.int8.safetensors"), bytes);
    await expect(openBundle(damaged, { variant: "int8" })).rejects.toMatchObject({
      code: "MODEL",
      message: expect.stringContaining("SHA-256"),
    });
  } finally {
    await rm(damaged, { recursive: true, force: true });
  }
});

const saying = (metadata: string | undefined) => ({
  metadata: new Map(metadata === undefined ? [] : [["bunraku.quantization", metadata]]),
  entries: [],
});

test.each([
  { what: "no quantisation", text: undefined, says: "it says nothing of quantisation" },
  { what: "no JSON", text: "{", says: "is not JSON" },
  { what: "another version", text: '{"version":2,"graphs":{}}', says: "must be of version 1, got 2" },
  { what: "no graphs", text: '{"version":1}', says: '"graphs" must be an object' },
  { what: "no ranges", text: '{"version":1,"graphs":{"f":{"keep":[]}}}', says: '"f.ranges" must be an object' },
  { what: "layers that are no names", text: '{"version":1,"graphs":{"f":{"ranges":{},"keep":[1]}}}', says: '"f.keep"' },
  {
    what: "a range that is upside down",
    text: '{"version":1,"graphs":{"f":{"ranges":{"x":[1,0]},"keep":[]}}}',
    says: 'the range of "x" must be two numbers, the lesser first',
  },
])("an int8 file with $what is refused", ({ text, says }) => {
  expect(() => decodeQuantized(saying(text), "w")).toThrow(says);
});

test("signed bytes without their scales are refused", async () => {
  const { entries, metadata } = await readSafetensors(bytesSource(made.fomm!.bytes, "w"));
  const without = entries.filter(({ name }) => !name.endsWith(".scale"));
  expect(() => decodeQuantized({ entries: without, metadata }, "w")).toThrow(/needs \d+ scales/);
});
