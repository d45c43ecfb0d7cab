import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadModel, type Model, openBundle } from "@bunraku/animate";
import { ortNode } from "@bunraku/backends/ort-node";
import { createPictureResizer, type Image } from "@bunraku/warp";
import sharp from "sharp";
import { expect, test } from "vitest";
import { heads } from "./index.ts";

// What the original PyTorch modules compute from the float32 checkpoint, on two triples of 8-bit pictures.
const folder = new URL("../../../fixtures/heads-v0/", import.meta.url);
interface Case {
  readonly files: Record<"source" | "initial" | "driving", string>;
  readonly kp: Record<"source" | "initial" | "driving", { value: number[]; jacobian: number[] }>;
  readonly absolute: { prediction: string };
  readonly relative: { prediction: string };
  readonly relative_adapt: { prediction: string };
}
const { cases } = JSON.parse(readFileSync(new URL("parity.json", folder), "utf8")) as { cases: Record<string, Case> };
const movements = {
  absolute: { movement: "absolute" },
  relative: { movement: "relative" },
  relative_adapt: { movement: "relative", adaptScale: true },
} as const;

async function imageOf(model: Model, file: string): Promise<Image> {
  const { data, info } = await sharp(fileURLToPath(new URL(file, folder)))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const picture = { width: info.width, height: info.height, data: new Uint8Array(data) };
  return createPictureResizer(picture, model.size)(picture);
}

function largestDifference(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(got.length).toBe(wanted.length);
  let largest = 0;
  for (let i = 0; i < got.length; i++) largest = Math.max(largest, Math.abs(got[i]! - wanted[i]!));
  return largest;
}

function psnr(got: Float32Array, wanted: Float32Array): number {
  let squares = 0;
  for (let i = 0; i < got.length; i++) squares += (got[i]! - wanted[i]!) ** 2;
  return -10 * Math.log10(squares / got.length);
}

// Half-precision weights: keypoints move by 6e-5 of the picture's half width, pixels by 6e-4 at most (measured).
test.each(Object.keys(cases))("the default model agrees with PyTorch on %s", async (name) => {
  const { files, kp, ...modes } = cases[name]!;
  await using backend = await ortNode({ threads: 1 });
  await using model = await loadModel(backend, heads);
  using source = await model.encode(await imageOf(model, files.source));
  const initial = await model.detect(await imageOf(model, files.initial));
  const driving = await model.detect(await imageOf(model, files.driving));
  for (const [which, keypoints] of Object.entries({ source: source.keypoints, initial, driving })) {
    const wanted = kp[which as keyof typeof kp];
    expect(largestDifference(keypoints.points.data, wanted.value)).toBeLessThan(2e-4);
    expect(largestDifference(keypoints.jacobians!.data, wanted.jacobian)).toBeLessThan(2e-2);
  }
  for (const [mode, options] of Object.entries(movements)) {
    const { prediction } = await model.render(source, driving, initial, options);
    const bytes = Buffer.from(modes[mode as keyof typeof modes].prediction, "base64");
    const wanted = new Float32Array(new Uint8Array(bytes).buffer);
    expect(largestDifference(prediction!.data, wanted)).toBeLessThan(2e-3);
    expect(psnr(prediction!.data, wanted)).toBeGreaterThan(75);
  }
});

test("the bundle says what it is, what it was trained on and what may be done with it", async () => {
  const { manifest } = await openBundle(heads);
  expect(manifest).toMatchObject({
    family: "fomm",
    alignCorners: true,
    frameSize: [64, 64],
    licences: { weights: "CC0-1.0", data: "CC0-1.0" },
  });
  expect(manifest.trainedOn).toContain("synthetic");
});
